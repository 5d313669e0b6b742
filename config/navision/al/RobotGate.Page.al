// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// The OData V4 bound actions: publish this page as the web service RobotGate. It shows one record,
/// whose key is empty: POST …/ODataV4/Company('X')/RobotGate('')/NAV.Put
page 50000 "Robot Gate"
{
    PageType = Card;
    SourceTable = "Purchases & Payables Setup";
    ODataKeyFields = "Primary Key";
    Editable = false;
    InsertAllowed = false;
    DeleteAllowed = false;
    UsageCategory = None;

    layout
    {
        area(Content)
        {
            field(PrimaryKey; Rec."Primary Key") { ApplicationArea = All; }
        }
    }

    [ServiceEnabled]
    procedure Put(documentKey: Text; generation: Text; payloadHash: Text; orderText: Text): Text
    begin
        exit(Gate.Put(documentKey, generation, payloadHash, orderText));
    end;

    [ServiceEnabled]
    procedure Watch(documentKey: Text; generation: Text; payloadHash: Text; orderText: Text): Text
    begin
        exit(Gate.Watch(documentKey, generation, payloadHash, orderText));
    end;

    [ServiceEnabled]
    procedure Close(documentKey: Text; generation: Text; payloadHash: Text): Text
    begin
        exit(Gate.Close(documentKey, generation, payloadHash));
    end;

    var
        Gate: Codeunit "Robot Gate";
}
