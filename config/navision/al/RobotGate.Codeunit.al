// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// The door: published as the web service RobotGate (SOAP), and behind the OData action and the API.
/// Its public procedures are the service's operations, so only those are public.
/// Both ways out of a document take its key. The answer is five lines: state, generation, payload
/// hash, posted number, refusal. It proves nothing; the robot reads the ledger.
codeunit 50000 "Robot Gate"
{
    Permissions = tabledata "Robot Inbox" = rim;

    /// Take the key, make the purchase document, and put it into the job queue.
    procedure Put(documentKey: Text; generation: Text; payloadHash: Text; orderText: Text): Text
    begin
        exit(Ask(documentKey, generation, payloadHash, orderText, ModeQueue()));
    end;

    /// Take the key for the purchase document that is here already; NAV's own batch posts it.
    procedure Watch(documentKey: Text; generation: Text; payloadHash: Text; orderText: Text): Text
    begin
        exit(Ask(documentKey, generation, payloadHash, orderText, ModeWatch()));
    end;

    /// Take the key and make the purchase document; the caller posts it with the standard API.
    procedure Reserve(documentKey: Text; generation: Text; payloadHash: Text; orderText: Text): Text
    begin
        exit(Ask(documentKey, generation, payloadHash, orderText, ModeReserve()));
    end;

    /// Leave a tombstone for this generation and all before it, unless something holds the key.
    procedure Close(documentKey: Text; generation: Text; payloadHash: Text): Text
    var
        Inbox: Record "Robot Inbox";
    begin
        if Take(Inbox, documentKey, generation, payloadHash, true) then
            Commit();
        exit(Answer(documentKey));
    end;

    /// Keep the text with which the standard API refused the draft of this very request.
    procedure Refuse(documentKey: Text; generation: Text; payloadHash: Text; refusalText: Text): Text
    begin
        WriteRefusal(documentKey, generation, payloadHash, refusalText);
        exit(Answer(documentKey));
    end;

    local procedure Answer(documentKey: Text): Text
    var
        Inbox: Record "Robot Inbox";
        TypeHelper: Codeunit "Type Helper";
        Lf: Text[1];
    begin
        Inbox.Get(documentKey);
        Lf := TypeHelper.LFSeparator();
        exit(
            Inbox.StateWord() + Lf + Inbox.Generation + Lf + Inbox."Payload Hash" + Lf +
            Inbox."Result No." + Lf + Inbox."Refusal Text");
    end;

    local procedure Ask(documentKey: Text; generation: Text; payloadHash: Text; orderText: Text; Mode: Integer): Text
    var
        Inbox: Record "Robot Inbox";
        DraftMaker: Codeunit "Robot Draft Maker";
        JournalPoster: Codeunit "Robot Journal Poster";
        Done: Boolean;
    begin
        if not Take(Inbox, documentKey, generation, payloadHash, false) then
            exit(Answer(documentKey));
        // The key first and for good: a checked Codeunit.Run is not allowed inside a transaction, and
        // whatever happens from here on, a second request finds the key taken.
        Commit();
        if JournalPoster.IsReposting(orderText) then begin
            JournalPoster.SetOrder(orderText, Mode);
            Done := JournalPoster.Run(Inbox);
        end else begin
            DraftMaker.SetOrder(orderText, Mode);
            Done := DraftMaker.Run(Inbox);
        end;
        if not Done then
            WriteRefusal(documentKey, generation, payloadHash, GetLastErrorText());
        Commit();
        exit(Answer(documentKey));
    end;

    /// Whether the key is this request's now. The look at the key and the write are one step: the
    /// table is locked first, and the primary key refuses a second row.
    local procedure Take(var Inbox: Record "Robot Inbox"; documentKey: Text; generation: Text; payloadHash: Text; Tombstone: Boolean): Boolean
    var
        Found: Boolean;
    begin
        Inbox.LockTable();
        Found := Inbox.Get(documentKey);
        if Found then begin
            if Inbox."Company Name" <> CompanyName() then
                Error(OtherCompanyErr, Inbox."Company Name");
            Settle(Inbox);
            if not GivesWay(Inbox, generation) then
                exit(false);
            if (not Tombstone) and IsSame(Inbox, generation, payloadHash) and (Inbox.State = Inbox.State::New) then
                exit(true); // our own request, stopped half-way
            if Inbox."Own Draft" then
                DeleteDraft(Inbox);
        end else begin
            Inbox.Init();
            Inbox."Document Key" := CopyStr(documentKey, 1, MaxStrLen(Inbox."Document Key"));
            Inbox."Company Name" := CopyStr(CompanyName(), 1, MaxStrLen(Inbox."Company Name"));
        end;
        Inbox.Generation := CopyStr(generation, 1, MaxStrLen(Inbox.Generation));
        Inbox."Payload Hash" := CopyStr(payloadHash, 1, MaxStrLen(Inbox."Payload Hash"));
        Inbox."Received At" := CurrentDateTime();
        Inbox."Completed At" := 0DT;
        Inbox."Result No." := '';
        Inbox."Refusal Text" := '';
        Clear(Inbox."Job Queue Entry ID");
        if Tombstone then
            Inbox.State := Inbox.State::Tombstone
        else
            Inbox.State := Inbox.State::New;
        // A draft that is not ours stays named under a tombstone, so that the guard knows it.
        if (not Tombstone) or Inbox."Own Draft" then begin
            Clear(Inbox."Draft Type");
            Inbox."Draft No." := '';
            Inbox."Draft No. Series" := '';
            Inbox."Document Hash" := '';
            Inbox."Own Draft" := false;
        end;
        if Found then
            Inbox.Modify()
        else
            Inbox.Insert();
        exit(true);
    end;

    /// What was refused, or never queued, may be asked for or closed again by this or a later
    /// generation; past a tombstone only a later one gets. What is posted or queued gives no way.
    local procedure GivesWay(Inbox: Record "Robot Inbox"; generation: Text): Boolean
    begin
        case Inbox.State of
            Inbox.State::New, Inbox.State::Refused:
                exit(not IsLater(Inbox.Generation, generation));
            Inbox.State::Tombstone:
                exit(IsLater(generation, Inbox.Generation));
        end;
        exit(false);
    end;

    /// Whether stamp A is later than B. Stamps are ISO 8601 in UTC; they are compared sign by sign,
    /// because a comparison by the server's language may pass over signs such as + and full stop.
    local procedure IsLater(A: Text; B: Text): Boolean
    var
        Place: Integer;
    begin
        for Place := 1 to StrLen(A) do begin
            if Place > StrLen(B) then
                exit(true);
            if A[Place] <> B[Place] then
                exit(A[Place] > B[Place]);
        end;
        exit(false);
    end;

    /// Bring a request up to date that was queued: posted, refused, or nothing there any more.
    local procedure Settle(var Inbox: Record "Robot Inbox")
    var
        PurchaseHeader: Record "Purchase Header";
        PostedNo: Code[20];
        Found: Boolean;
    begin
        if not (Inbox.State in [Inbox.State::New, Inbox.State::Taken]) or (Inbox."Draft No." = '') then
            exit;
        PostedNo := PostedNumber(Inbox);
        if PostedNo <> '' then begin
            Inbox.MarkPosted(PostedNo);
            exit;
        end;
        if Inbox.State = Inbox.State::New then
            exit;
        Found := PurchaseHeader.Get(Inbox."Draft Type", Inbox."Draft No.");
        if Found then
            if PurchaseHeader."Job Queue Status" in [PurchaseHeader."Job Queue Status"::"Scheduled for Posting", PurchaseHeader."Job Queue Status"::Posting] then
                exit;
        // Deleted, refused by the job, or taken out of the queue by a person: nothing is under way.
        Inbox.State := Inbox.State::Refused;
        Inbox.Modify();
    end;

    /// The posted document that came of the draft, when its vendor ledger entry is there too. A manual
    /// series may give a draft's number again, so vendor and number have to be the request's.
    local procedure PostedNumber(Inbox: Record "Robot Inbox"): Code[20]
    var
        PurchInvHeader: Record "Purch. Inv. Header";
        PurchCrMemoHdr: Record "Purch. Cr. Memo Hdr.";
        VendorLedgerEntry: Record "Vendor Ledger Entry";
        PostedNo: Code[20];
    begin
        if Inbox."Draft Type" = Inbox."Draft Type"::"Credit Memo" then begin
            PurchCrMemoHdr.SetCurrentKey("Pre-Assigned No.");
            PurchCrMemoHdr.SetRange("Pre-Assigned No.", Inbox."Draft No.");
            PurchCrMemoHdr.SetRange("Pre-Assigned No. Series", Inbox."Draft No. Series");
            PurchCrMemoHdr.SetRange("Buy-from Vendor No.", Inbox."Vendor No.");
            PurchCrMemoHdr.SetRange("Vendor Cr. Memo No.", Inbox."External Document No.");
            if PurchCrMemoHdr.FindLast() then
                PostedNo := PurchCrMemoHdr."No.";
            VendorLedgerEntry.SetRange("Document Type", VendorLedgerEntry."Document Type"::"Credit Memo");
        end else begin
            PurchInvHeader.SetCurrentKey("Pre-Assigned No.");
            PurchInvHeader.SetRange("Pre-Assigned No.", Inbox."Draft No.");
            PurchInvHeader.SetRange("Pre-Assigned No. Series", Inbox."Draft No. Series");
            PurchInvHeader.SetRange("Buy-from Vendor No.", Inbox."Vendor No.");
            PurchInvHeader.SetRange("Vendor Invoice No.", Inbox."External Document No.");
            if PurchInvHeader.FindLast() then
                PostedNo := PurchInvHeader."No.";
            VendorLedgerEntry.SetRange("Document Type", VendorLedgerEntry."Document Type"::Invoice);
        end;
        VendorLedgerEntry.SetRange("Document No.", PostedNo);
        if (PostedNo <> '') and not VendorLedgerEntry.IsEmpty() then
            exit(PostedNo);
    end;

    local procedure DeleteDraft(Inbox: Record "Robot Inbox")
    var
        PurchaseHeader: Record "Purchase Header";
    begin
        if not PurchaseHeader.Get(Inbox."Draft Type", Inbox."Draft No.") then
            exit;
        PurchaseHeader."Job Queue Status" := PurchaseHeader."Job Queue Status"::" ";
        PurchaseHeader."Posting No." := ''; // a number kept from a failed attempt would ask to be used
        PurchaseHeader.Modify();
        PurchaseHeader.Delete(true);
    end;

    local procedure WriteRefusal(documentKey: Text; generation: Text; payloadHash: Text; RefusalText: Text)
    var
        Inbox: Record "Robot Inbox";
    begin
        Inbox.LockTable();
        if not Inbox.Get(documentKey) then
            exit;
        if not IsSame(Inbox, generation, payloadHash) or (Inbox.State <> Inbox.State::New) then
            exit;
        Inbox.State := Inbox.State::Refused;
        Inbox."Refusal Text" := CopyStr(RefusalText, 1, MaxStrLen(Inbox."Refusal Text"));
        Inbox."Completed At" := CurrentDateTime();
        Inbox.Modify();
    end;

    local procedure IsSame(Inbox: Record "Robot Inbox"; generation: Text; payloadHash: Text): Boolean
    begin
        exit((Inbox.Generation = generation) and (Inbox."Payload Hash" = payloadHash));
    end;

    procedure ModeQueue(): Integer
    begin
        exit(1);
    end;

    procedure ModeWatch(): Integer
    begin
        exit(2);
    end;

    procedure ModeReserve(): Integer
    begin
        exit(3);
    end;

    var
        OtherCompanyErr: Label 'The document key belongs to company ''%1''.', Comment = '%1 = company name; DAN: Bilagsnøglen tilhører regnskabet ''%1''.';
}
