// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// Makes or finds the purchase document of a request that holds its key, and queues it.
/// Runs inside `if Codeunit.Run`: an error rolls back everything but the key.
codeunit 50001 "Robot Draft Maker"
{
    TableNo = "Robot Inbox";
    Permissions = tabledata "Robot Inbox" = rm;

    trigger OnRun()
    var
        PurchaseHeader: Record "Purchase Header";
        Order: XmlDocument;
        Root: XmlElement;
    begin
        XmlDocument.ReadFrom(OrderXml, Order);
        Order.GetRoot(Root);
        Rec.LockTable();
        Rec.Get(Rec."Document Key");
        Rec."Vendor No." := CopyStr(Attribute(Root, 'vendor'), 1, MaxStrLen(Rec."Vendor No."));
        Rec."External Document No." := CopyStr(Attribute(Root, 'externalNumber'), 1, MaxStrLen(Rec."External Document No."));
        Rec."Amount Including VAT" := Amount(Root, 'amountIncludingVat');
        Rec."Bank Details Hash" := CopyStr(Attribute(Root, 'bankDetailsHash'), 1, MaxStrLen(Rec."Bank Details Hash"));
        if Rec."Draft No." = '' then begin
            if not FindReleased(PurchaseHeader, Root) then begin
                if Mode = Gate.ModeWatch() then
                    Error(NotHereErr, Rec."External Document No.");
                MakeDraft(PurchaseHeader, Root);
                Rec."Own Draft" := true;
            end;
            Rec."Draft Type" := PurchaseHeader."Document Type".AsInteger();
            Rec."Draft No." := PurchaseHeader."No.";
            Rec."Draft No. Series" := PurchaseHeader."No. Series";
        end else
            PurchaseHeader.Get(Rec."Draft Type", Rec."Draft No.");
        Rec."Document Hash" := CopyStr(PostingGuard.DocumentHash(PurchaseHeader), 1, MaxStrLen(Rec."Document Hash"));
        if Mode = Gate.ModeQueue() then begin
            Queue(PurchaseHeader);
            Rec.State := Rec.State::Taken;
            Rec."Job Queue Entry ID" := PurchaseHeader."Job Queue Entry ID";
        end;
        Rec.Modify();
    end;

    procedure SetOrder(NewOrderXml: Text; NewMode: Integer)
    begin
        OrderXml := NewOrderXml;
        Mode := NewMode;
    end;

    /// A document of this vendor and number that was delivered here: it must be released and be
    /// what the robot decided on. The base application does not test Status when it posts from the
    /// queue (a document that waits for approval would go through), so it is tested here.
    local procedure FindReleased(var PurchaseHeader: Record "Purchase Header"; Root: XmlElement): Boolean
    var
        ApprovalEntry: Record "Approval Entry";
        External: Text;
    begin
        External := Attribute(Root, 'externalNumber');
        PurchaseHeader.SetRange("Buy-from Vendor No.", Attribute(Root, 'vendor'));
        if IsCreditNote(Root) then begin
            PurchaseHeader.SetRange("Document Type", PurchaseHeader."Document Type"::"Credit Memo");
            PurchaseHeader.SetRange("Vendor Cr. Memo No.", External);
        end else begin
            PurchaseHeader.SetRange("Document Type", PurchaseHeader."Document Type"::Invoice);
            PurchaseHeader.SetRange("Vendor Invoice No.", External);
        end;
        if not PurchaseHeader.FindFirst() then
            exit(false);
        PurchaseHeader.TestField(Status, PurchaseHeader.Status::Released);
        ApprovalEntry.SetRange("Table ID", Database::"Purchase Header");
        ApprovalEntry.SetRange("Document Type", PurchaseHeader."Document Type");
        ApprovalEntry.SetRange("Document No.", PurchaseHeader."No.");
        ApprovalEntry.SetFilter(Status, '%1|%2', ApprovalEntry.Status::Created, ApprovalEntry.Status::Open);
        if not ApprovalEntry.IsEmpty() then
            Error(ApprovalErr);
        PurchaseHeader.CalcFields("Amount Including VAT");
        if (PurchaseHeader."Amount Including VAT" <> Amount(Root, 'amountIncludingVat')) or
           (PurchaseHeader."Currency Code" <> CurrencyCode(Root))
        then
            Error(ChangedErr, PurchaseHeader."Document Type", PurchaseHeader."No.");
        exit(true);
    end;

    local procedure MakeDraft(var PurchaseHeader: Record "Purchase Header"; Root: XmlElement)
    var
        ReleasePurchaseDocument: Codeunit "Release Purchase Document";
        Nodes: XmlNodeList;
        Node: XmlNode;
        LineNo: Integer;
    begin
        Clear(PurchaseHeader);
        PurchaseHeader.Init();
        if IsCreditNote(Root) then
            PurchaseHeader."Document Type" := PurchaseHeader."Document Type"::"Credit Memo"
        else
            PurchaseHeader."Document Type" := PurchaseHeader."Document Type"::Invoice;
        PurchaseHeader.Insert(true);
        PurchaseHeader.Validate("Buy-from Vendor No.", Attribute(Root, 'vendor'));
        PurchaseHeader.Validate("Posting Date", Day(Root, 'postingDate'));
        PurchaseHeader.Validate("Document Date", Day(Root, 'documentDate'));
        if Attribute(Root, 'dueDate') <> '' then
            PurchaseHeader.Validate("Due Date", Day(Root, 'dueDate'));
        PurchaseHeader.Validate("Currency Code", CurrencyCode(Root));
        if IsCreditNote(Root) then
            PurchaseHeader.Validate("Vendor Cr. Memo No.", Attribute(Root, 'externalNumber'))
        else
            PurchaseHeader.Validate("Vendor Invoice No.", Attribute(Root, 'externalNumber'));
        PurchaseHeader.Validate("Payment Reference", Attribute(Root, 'paymentReference'));
        SetAppliesTo(PurchaseHeader, Root);
        PurchaseHeader.Modify(true);
        Root.SelectNodes('line', Nodes);
        foreach Node in Nodes do begin
            LineNo += 10000;
            MakeLine(PurchaseHeader, Node.AsXmlElement(), LineNo);
        end;
        ReleasePurchaseDocument.PerformManualRelease(PurchaseHeader);
        PurchaseHeader.Get(PurchaseHeader."Document Type", PurchaseHeader."No.");
        PurchaseHeader.CalcFields("Amount Including VAT");
        if PurchaseHeader."Amount Including VAT" <> Amount(Root, 'amountIncludingVat') then
            Error(TotalErr, Amount(Root, 'amountIncludingVat'), PurchaseHeader."Amount Including VAT");
    end;

    /// The order names the supplier's number of the invoice that a credit note settles; what is paid
    /// already is left for a person to apply.
    local procedure SetAppliesTo(var PurchaseHeader: Record "Purchase Header"; Root: XmlElement)
    var
        VendorLedgerEntry: Record "Vendor Ledger Entry";
    begin
        if not IsCreditNote(Root) or (Attribute(Root, 'appliesTo') = '') then
            exit;
        VendorLedgerEntry.SetCurrentKey("External Document No.");
        VendorLedgerEntry.SetRange("External Document No.", CopyStr(Attribute(Root, 'appliesTo'), 1, MaxStrLen(VendorLedgerEntry."External Document No.")));
        VendorLedgerEntry.SetRange("Document Type", VendorLedgerEntry."Document Type"::Invoice);
        VendorLedgerEntry.SetRange("Vendor No.", PurchaseHeader."Pay-to Vendor No.");
        VendorLedgerEntry.SetRange("Currency Code", PurchaseHeader."Currency Code");
        VendorLedgerEntry.SetRange(Open, true);
        if not VendorLedgerEntry.FindFirst() then
            exit;
        PurchaseHeader.Validate("Applies-to Doc. Type", PurchaseHeader."Applies-to Doc. Type"::Invoice);
        PurchaseHeader.Validate("Applies-to Doc. No.", VendorLedgerEntry."Document No.");
    end;

    /// The base application leaves it empty for the company's own currency.
    local procedure CurrencyCode(Root: XmlElement): Code[10]
    var
        GLSetup: Record "General Ledger Setup";
    begin
        GLSetup.Get();
        if Attribute(Root, 'currency') <> GLSetup."LCY Code" then
            exit(CopyStr(Attribute(Root, 'currency'), 1, 10));
    end;

    local procedure MakeLine(PurchaseHeader: Record "Purchase Header"; Element: XmlElement; LineNo: Integer)
    var
        PurchaseLine: Record "Purchase Line";
    begin
        PurchaseLine.Init();
        PurchaseLine."Document Type" := PurchaseHeader."Document Type";
        PurchaseLine."Document No." := PurchaseHeader."No.";
        PurchaseLine."Line No." := LineNo;
        PurchaseLine.Insert(true);
        PurchaseLine.Validate(Type, PurchaseLine.Type::"G/L Account");
        PurchaseLine.Validate("No.", Attribute(Element, 'account'));
        PurchaseLine.Validate(Quantity, 1);
        if Attribute(Element, 'vatCode') <> '' then
            PurchaseLine.Validate("VAT Prod. Posting Group", Attribute(Element, 'vatCode'));
        PurchaseLine.Validate("Direct Unit Cost", Amount(Element, 'amount'));
        PurchaseLine.Description := CopyStr(Attribute(Element, 'text'), 1, MaxStrLen(PurchaseLine.Description));
        SetDimensions(PurchaseLine, Element);
        PurchaseLine.Modify(true);
    end;

    /// What the order says comes before what is filled in from account and header.
    local procedure SetDimensions(var PurchaseLine: Record "Purchase Line"; Element: XmlElement)
    var
        TempDimensionSetEntry: Record "Dimension Set Entry" temporary;
        DimensionManagement: Codeunit DimensionManagement;
        Nodes: XmlNodeList;
        Node: XmlNode;
        Code: Code[20];
    begin
        DimensionManagement.GetDimensionSet(TempDimensionSetEntry, PurchaseLine."Dimension Set ID");
        Element.SelectNodes('dimension', Nodes);
        foreach Node in Nodes do begin
            Code := CopyStr(Attribute(Node.AsXmlElement(), 'code'), 1, MaxStrLen(Code));
            if TempDimensionSetEntry.Get(PurchaseLine."Dimension Set ID", Code) then
                TempDimensionSetEntry.Delete();
            if Attribute(Node.AsXmlElement(), 'value') <> '' then begin
                TempDimensionSetEntry.Init();
                TempDimensionSetEntry."Dimension Set ID" := PurchaseLine."Dimension Set ID";
                TempDimensionSetEntry.Validate("Dimension Code", Code);
                TempDimensionSetEntry.Validate("Dimension Value Code", Attribute(Node.AsXmlElement(), 'value'));
                TempDimensionSetEntry.Insert();
            end;
        end;
        PurchaseLine."Dimension Set ID" := DimensionManagement.GetDimensionSetID(TempDimensionSetEntry);
        DimensionManagement.UpdateGlobalDimFromDimSetID(
            PurchaseLine."Dimension Set ID", PurchaseLine."Shortcut Dimension 1 Code", PurchaseLine."Shortcut Dimension 2 Code");
    end;

    /// Without UI: a message or a confirmation is an error in a web service session.
    local procedure Queue(var PurchaseHeader: Record "Purchase Header")
    var
        PurchasePostViaJobQueue: Codeunit "Purchase Post via Job Queue";
    begin
        PurchaseHeader.Receive := PurchaseHeader."Document Type" = PurchaseHeader."Document Type"::Invoice;
        PurchaseHeader.Ship := PurchaseHeader."Document Type" = PurchaseHeader."Document Type"::"Credit Memo";
        PurchaseHeader.Invoice := true;
        PurchaseHeader."Print Posted Documents" := false; // a printer's dialogue would hang the job
        PurchasePostViaJobQueue.EnqueuePurchDoc(PurchaseHeader);
    end;

    local procedure IsCreditNote(Root: XmlElement): Boolean
    begin
        exit(Attribute(Root, 'kind') = 'credit-note');
    end;

    local procedure Attribute(Element: XmlElement; Name: Text): Text
    var
        Found: XmlAttribute;
    begin
        if Element.Attributes().Get(Name, Found) then
            exit(Found.Value());
    end;

    /// Format 9 is XML's: a point before the decimals, dates as YYYY-MM-DD, whatever the language.
    local procedure Amount(Element: XmlElement; Name: Text) Value: Decimal
    begin
        Evaluate(Value, Attribute(Element, Name), 9);
    end;

    local procedure Day(Element: XmlElement; Name: Text) Value: Date
    begin
        Evaluate(Value, Attribute(Element, Name), 9);
    end;

    var
        Gate: Codeunit "Robot Gate";
        PostingGuard: Codeunit "Robot Posting Guard";
        OrderXml: Text;
        Mode: Integer;
        NotHereErr: Label 'The Purchase Header does not exist. Identification fields and values: Vendor Invoice No.=''%1''', Comment = 'DAN: Købshoved findes ikke. Identifikationsfelter og -værdier: Kreditors fakturanr.=''%1''';
        ApprovalErr: Label 'This document can only be released when the approval process is complete.', Comment = 'DAN: Dette dokument kan kun frigives, når godkendelsesprocessen er fuldført.';
        ChangedErr: Label '%1 %2 has changed since the robot''s decision.', Comment = 'DAN: %1 %2 er ændret, siden robotten besluttede.';
        TotalErr: Label 'Doc. Amount Incl. VAT (%1) is not equal to total of lines (%2).', Comment = 'DAN: Bilagsbeløb inkl. moms (%1) er ikke lig med totalen af linjerne (%2).';
}
