// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// One row a document key, kept for good. The primary key makes it unique, also against two robots.
/// Field numbers, names and lengths are those that the robot reads by SQL.
table 50000 "Robot Inbox"
{
    Caption = 'Robot Inbox';
    DataPerCompany = false;
    DataClassification = SystemMetadata;
    LookupPageId = "Robot Requests";

    fields
    {
        field(1; "Document Key"; Text[64]) { NotBlank = true; }
        field(2; Generation; Text[64]) { }
        field(3; "Payload Hash"; Text[64]) { }
        field(4; State; Option) { OptionMembers = New,Taken,Posted,Refused,Tombstone; }
        field(5; "Company Name"; Text[30]) { }
        field(6; "Document Type"; Option) { OptionMembers = " ",Payment,Invoice,"Credit Memo"; }
        field(7; "Result No."; Code[20]) { }
        field(8; "Refusal Text"; Text[2048]) { }
        field(9; "Received At"; DateTime) { }
        field(10; "Completed At"; DateTime) { }
        field(11; "Vendor No."; Code[20]) { }
        field(12; "External Document No."; Code[35]) { }
        field(13; "Amount Including VAT"; Decimal) { }
        field(14; "Bank Details Hash"; Text[64]) { }
        field(15; "Draft Type"; Option) { OptionMembers = Quote,Order,Invoice,"Credit Memo"; }
        field(16; "Draft No."; Code[20]) { }
        field(17; "Draft No. Series"; Code[20]) { }
        field(18; "Own Draft"; Boolean) { }
        field(19; "Job Queue Entry ID"; Guid) { }
        // 20 to 22 are further pieces of the refusal in NAV 2016 and 2018.
        field(23; "Document Hash"; Text[64]) { }
    }

    keys
    {
        key(PK; "Document Key") { Clustered = true; }
        key(State; "Company Name", State) { }
        key(Draft; "Company Name", "Draft Type", "Draft No.") { }
    }

    /// Note the posted document under its key; in the transaction that posts it, or when it is found.
    procedure MarkPosted(PostedNo: Code[20])
    begin
        State := State::Posted;
        if "Draft Type" = "Draft Type"::"Credit Memo" then
            "Document Type" := "Document Type"::"Credit Memo"
        else
            "Document Type" := "Document Type"::Invoice;
        "Result No." := PostedNo;
        "Completed At" := CurrentDateTime();
        Modify();
    end;

    /// The state's English word, whatever the session's language.
    procedure StateWord(): Text
    begin
        case State of
            State::New:
                exit('New');
            State::Taken:
                exit('Taken');
            State::Posted:
                exit('Posted');
            State::Refused:
                exit('Refused');
            State::Tombstone:
                exit('Tombstone');
        end;
    end;

    trigger OnDelete()
    begin
        Error(KeptErr);
    end;

    trigger OnRename()
    begin
        Error(KeptErr);
    end;

    var
        KeptErr: Label 'Keys of the robot are kept for good: without them a document could be posted twice.';
}
