// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// Stands inside every posting of a purchase document, whoever asked for it: the robot's request, the
/// job queue, a batch, a person. A document of the robot's is posted only while its key allows it,
/// while it is what the robot decided on, and while the creditor is paid where it was then.
codeunit 50002 "Robot Posting Guard"
{
    Permissions = tabledata "Robot Inbox" = rm;

    [EventSubscriber(ObjectType::Codeunit, Codeunit::"Purch.-Post", 'OnBeforePostPurchaseDoc', '', false, false)]
    local procedure OnBeforePostPurchaseDoc(var PurchaseHeader: Record "Purchase Header"; PreviewMode: Boolean)
    begin
        if not PreviewMode then
            Test(PurchaseHeader);
    end;

    /// In the posting's own transaction, right before it commits: the key once more, under its lock,
    /// and then the mark that it is posted. A tombstone that came in meanwhile rolls the posting back.
    [EventSubscriber(ObjectType::Codeunit, Codeunit::"Purch.-Post", 'OnAfterFinalizePostingOnBeforeCommit', '', false, false)]
    local procedure OnAfterFinalizePostingOnBeforeCommit(var PurchHeader: Record "Purchase Header"; var PurchInvHeader: Record "Purch. Inv. Header"; var PurchCrMemoHdr: Record "Purch. Cr. Memo Hdr."; PreviewMode: Boolean)
    var
        Inbox: Record "Robot Inbox";
    begin
        if PreviewMode or not FindRequest(Inbox, PurchHeader) then
            exit;
        TestOpen(Inbox, PurchHeader);
        if Inbox."Draft Type" = Inbox."Draft Type"::"Credit Memo" then
            Inbox.MarkPosted(PurchCrMemoHdr."No.")
        else
            Inbox.MarkPosted(PurchInvHeader."No.");
    end;

    local procedure Test(PurchaseHeader: Record "Purchase Header")
    var
        Inbox: Record "Robot Inbox";
        VendorLedgerEntry: Record "Vendor Ledger Entry";
        External: Code[35];
    begin
        if not FindRequest(Inbox, PurchaseHeader) then
            exit;
        TestOpen(Inbox, PurchaseHeader);
        // Codeunit 90 releases an open document by itself, and posts one that waits for approval.
        PurchaseHeader.TestField(Status, PurchaseHeader.Status::Released);
        PurchaseHeader.CalcFields("Amount Including VAT");
        if PurchaseHeader."Document Type" = PurchaseHeader."Document Type"::"Credit Memo" then
            External := PurchaseHeader."Vendor Cr. Memo No."
        else
            External := PurchaseHeader."Vendor Invoice No.";
        if (PurchaseHeader."Buy-from Vendor No." <> Inbox."Vendor No.") or
           (External <> Inbox."External Document No.") or
           (PurchaseHeader."Amount Including VAT" <> Inbox."Amount Including VAT") or
           ((Inbox."Document Hash" <> '') and (Inbox."Document Hash" <> DocumentHash(PurchaseHeader)))
        then
            Error(ChangedErr, PurchaseHeader."Document Type", PurchaseHeader."No.");
        if (Inbox."Bank Details Hash" <> '') and
           (Inbox."Bank Details Hash" <> BankDetailsHash(PurchaseHeader."Pay-to Vendor No."))
        then
            Error(BankDetailsErr, PurchaseHeader."Pay-to Vendor No.");
        // The ledger too: the base application asks it only when the number is filled in, and a key
        // may have been lost in a restore.
        VendorLedgerEntry.SetCurrentKey("External Document No.");
        VendorLedgerEntry.SetRange("External Document No.", External);
        VendorLedgerEntry.SetRange("Vendor No.", PurchaseHeader."Pay-to Vendor No.");
        VendorLedgerEntry.SetRange(Reversed, false);
        if PurchaseHeader."Document Type" = PurchaseHeader."Document Type"::"Credit Memo" then
            VendorLedgerEntry.SetRange("Document Type", VendorLedgerEntry."Document Type"::"Credit Memo")
        else
            VendorLedgerEntry.SetRange("Document Type", VendorLedgerEntry."Document Type"::Invoice);
        if not VendorLedgerEntry.IsEmpty() then
            Error(DuplicateErr, PurchaseHeader."Document Type", External);
    end;

    local procedure TestOpen(Inbox: Record "Robot Inbox"; PurchaseHeader: Record "Purchase Header")
    begin
        if not (Inbox.State in [Inbox.State::New, Inbox.State::Taken]) then
            Error(ClosedErr, PurchaseHeader."Document Type", PurchaseHeader."No.");
    end;

    local procedure FindRequest(var Inbox: Record "Robot Inbox"; PurchaseHeader: Record "Purchase Header"): Boolean
    begin
        Inbox.LockTable();
        Inbox.SetCurrentKey("Company Name", "Draft Type", "Draft No.");
        Inbox.SetRange("Company Name", CompanyName());
        Inbox.SetRange("Draft Type", PurchaseHeader."Document Type".AsInteger());
        Inbox.SetRange("Draft No.", PurchaseHeader."No.");
        Inbox.SetRange("Draft No. Series", PurchaseHeader."No. Series");
        exit(Inbox.FindFirst());
    end;

    /// How the document says that it is paid, and each of its lines: taken when it is queued, compared
    /// when it is posted, so that what a person changes meanwhile is not posted on the robot's word.
    procedure DocumentHash(PurchaseHeader: Record "Purchase Header"): Text
    var
        PurchaseLine: Record "Purchase Line";
        TypeHelper: Codeunit "Type Helper";
        Details: Text;
    begin
        Details :=
            PurchaseHeader."Pay-to Vendor No." + '|' + PurchaseHeader."Currency Code" + '|' +
            PurchaseHeader."Payment Method Code" + '|' + PurchaseHeader."Creditor No." + '|' +
            PurchaseHeader."Payment Reference";
        PurchaseLine.SetRange("Document Type", PurchaseHeader."Document Type");
        PurchaseLine.SetRange("Document No.", PurchaseHeader."No.");
        if PurchaseLine.FindSet() then
            repeat
                Details += TypeHelper.LFSeparator() +
                    Format(PurchaseLine.Type, 0, 9) + '|' + PurchaseLine."No." + '|' +
                    Format(PurchaseLine."Amount Including VAT", 0, 9) + '|' +
                    PurchaseLine."VAT Prod. Posting Group" + '|' + Format(PurchaseLine."Dimension Set ID", 0, 9);
            until PurchaseLine.Next() = 0;
        exit(Hash(Details));
    end;

    /// As robot/adapters/navision/bank_details.py computes it: a line for who is paid and one for each
    /// of its accounts in the order of the key, fields between bars, SHA-256 in small hex.
    procedure BankDetailsHash(VendorNo: Code[20]): Text
    var
        Vendor: Record Vendor;
        VendorBankAccount: Record "Vendor Bank Account";
        TypeHelper: Codeunit "Type Helper";
        Details: Text;
    begin
        Vendor.Get(VendorNo);
        Details :=
            Vendor."No." + '|' + Vendor."Payment Method Code" + '|' + Vendor."Creditor No." + '|' +
            Vendor."Preferred Bank Account Code";
        VendorBankAccount.SetRange("Vendor No.", VendorNo);
        if VendorBankAccount.FindSet() then
            repeat
                Details += TypeHelper.LFSeparator() +
                    VendorBankAccount.Code + '|' + VendorBankAccount."Bank Branch No." + '|' +
                    VendorBankAccount."Bank Account No." + '|' + VendorBankAccount.IBAN + '|' +
                    VendorBankAccount."SWIFT Code";
            until VendorBankAccount.Next() = 0;
        exit(Hash(Details));
    end;

    local procedure Hash(Details: Text): Text
    var
        CryptographyManagement: Codeunit "Cryptography Management";
        HashAlgorithmType: Option MD5,SHA1,SHA256,SHA384,SHA512;
    begin
        exit(LowerCase(CryptographyManagement.GenerateHash(Details, HashAlgorithmType::SHA256)));
    end;

    var
        ClosedErr: Label 'The robot''s request for %1 %2 is closed.', Comment = 'DAN: Robottens bestilling af %1 %2 er lukket.';
        ChangedErr: Label '%1 %2 has changed since the robot''s decision.', Comment = 'DAN: %1 %2 er ændret, siden robotten besluttede.';
        BankDetailsErr: Label 'The bank details of vendor %1 have changed since the robot''s decision.', Comment = 'DAN: Kreditor %1s betalingsoplysninger er ændret, siden robotten besluttede.';
        DuplicateErr: Label 'Purchase %1 %2 already exists for this vendor.', Comment = 'DAN: Køb %1 %2 findes allerede for denne kreditor.';
}
