// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// The inbox as an API page, for the door that posts with Business Central's own API:
/// …/api/invoiceRobot/gate/v1.0/companies({id})/robotRequests('<document key>')
/// Writing a row takes its key and makes the draft; `request` says what is wanted.
page 50001 "Robot Requests"
{
    PageType = API;
    APIPublisher = 'invoiceRobot';
    APIGroup = 'gate';
    APIVersion = 'v1.0';
    EntityName = 'robotRequest';
    EntitySetName = 'robotRequests';
    SourceTable = "Robot Inbox";
    ODataKeyFields = "Document Key";
    DelayedInsert = true;
    DeleteAllowed = false;
    Extensible = false;

    layout
    {
        area(Content)
        {
            repeater(Requests)
            {
                field(documentKey; Rec."Document Key") { }
                field(generation; AskedGeneration) { }
                field(payloadHash; AskedHash) { }
                field(request; Asked) { }
                field(orderText; OrderText) { }
                field(refusalText; RefusalText) { }
                field(state; StateWord) { Editable = false; }
                field(resultNumber; Rec."Result No.") { Editable = false; }
                field(draftId; DraftId) { Editable = false; }
            }
        }
    }

    trigger OnOpenPage()
    begin
        Rec.SetRange("Company Name", CompanyName());
    end;

    trigger OnAfterGetRecord()
    begin
        Show();
    end;

    trigger OnInsertRecord(BelowxRec: Boolean): Boolean
    var
        Existing: Record "Robot Inbox";
    begin
        if Existing.Get(Rec."Document Key") then
            Existing.Insert(); // answers with Internal_EntityWithSameKeyExists, as the platform does
        Carry(Rec."Document Key");
        exit(false);
    end;

    trigger OnModifyRecord(): Boolean
    begin
        Carry(Rec."Document Key");
        exit(false);
    end;

    local procedure Carry(DocumentKey: Text)
    begin
        case Asked of
            'Post':
                Gate.Reserve(DocumentKey, AskedGeneration, AskedHash, OrderText);
            'Close':
                Gate.Close(DocumentKey, AskedGeneration, AskedHash);
            'Refuse':
                Gate.Refuse(DocumentKey, Rec.Generation, Rec."Payload Hash", RefusalText);
            else
                Error(UnknownRequestErr, Asked);
        end;
        Rec.Get(DocumentKey);
        Show();
    end;

    local procedure Show()
    var
        PurchaseHeader: Record "Purchase Header";
    begin
        AskedGeneration := Rec.Generation;
        AskedHash := Rec."Payload Hash";
        RefusalText := Rec."Refusal Text";
        StateWord := Rec.StateWord();
        Clear(DraftId);
        if (Rec."Draft No." <> '') and PurchaseHeader.Get(Rec."Draft Type", Rec."Draft No.") then
            DraftId := PurchaseHeader.SystemId;
    end;

    var
        Gate: Codeunit "Robot Gate";
        Asked: Text;
        AskedGeneration: Text;
        AskedHash: Text;
        OrderText: Text;
        RefusalText: Text;
        StateWord: Text;
        DraftId: Guid;
        UnknownRequestErr: Label 'A request is Post, Close or Refuse, not ''%1''.';
}
