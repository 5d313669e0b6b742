// Written from the documentation, not compiled here: there was no Business Central to compile with.
// A partner compiles it, reads it and tries it in a test company before it is installed.

/// Posts the lines of a re-posting sheet by NAV's own journal posting, with the key's row marked in
/// the same transaction. Runs inside `if Codeunit.Run`: an error rolls back everything but the key.
codeunit 50003 "Robot Journal Poster"
{
    TableNo = "Robot Inbox";
    Permissions = tabledata "Robot Inbox" = rm;

    trigger OnRun()
    var
        GLEntry: Record "G/L Entry";
        SourceCodeSetup: Record "Source Code Setup";
        GenJnlPostLine: Codeunit "Gen. Jnl.-Post Line";
        Order: XmlDocument;
        Root: XmlElement;
        Nodes: XmlNodeList;
        Node: XmlNode;
        Number: Code[20];
        Debit: Decimal;
        Balance: Decimal;
        LineNo: Integer;
    begin
        if Mode = Gate.ModeWatch() then
            Error(ByAPersonErr);
        XmlDocument.ReadFrom(OrderXml, Order);
        Order.GetRoot(Root);
        Rec.LockTable();
        Rec.Get(Rec."Document Key");
        Number := CopyStr(Attribute(Root, 'externalNumber'), 1, MaxStrLen(Number));
        // The ledger too: a key may have been lost in a restore, or a person may have imported it.
        GLEntry.LockTable();
        GLEntry.SetCurrentKey("Document No.", "Posting Date");
        GLEntry.SetRange("Document No.", Number);
        if not GLEntry.IsEmpty() then
            Error(PostedErr, Number);
        SourceCodeSetup.Get();
        Root.SelectNodes('line', Nodes);
        foreach Node in Nodes do begin
            Balance += Amount(Node.AsXmlElement(), 'amount');
            if Amount(Node.AsXmlElement(), 'amount') > 0 then
                Debit += Amount(Node.AsXmlElement(), 'amount');
        end;
        if (Balance <> 0) or (Debit <> Amount(Root, 'amountIncludingVat')) then
            Error(TotalErr, Amount(Root, 'amountIncludingVat'), Debit + Balance);
        foreach Node in Nodes do begin
            LineNo += 10000;
            PostLine(GenJnlPostLine, Root, Node.AsXmlElement(), Number, LineNo, SourceCodeSetup."General Journal");
        end;
        Rec."External Document No." := Number;
        Rec."Amount Including VAT" := Debit;
        Rec.State := Rec.State::Posted;
        Rec."Document Type" := Rec."Document Type"::" ";
        Rec."Result No." := Number;
        Rec."Completed At" := CurrentDateTime();
        Rec.Modify();
    end;

    procedure SetOrder(NewOrderXml: Text; NewMode: Integer)
    begin
        OrderXml := NewOrderXml;
        Mode := NewMode;
    end;

    procedure IsReposting(NewOrderXml: Text): Boolean
    var
        Order: XmlDocument;
        Root: XmlElement;
    begin
        if not XmlDocument.ReadFrom(NewOrderXml, Order) then
            exit(false);
        Order.GetRoot(Root);
        exit(Attribute(Root, 'kind') = 'reposting');
    end;

    /// RunWithCheck makes codeunit 11's checks: posting date, account, dimensions. The lines come to
    /// zero together; codeunit 12 leaves the transaction inconsistent, and it can't be committed, when
    /// they do not.
    local procedure PostLine(var GenJnlPostLine: Codeunit "Gen. Jnl.-Post Line"; Root: XmlElement; Element: XmlElement; Number: Code[20]; LineNo: Integer; SourceCode: Code[10])
    var
        GenJnlLine: Record "Gen. Journal Line";
    begin
        GenJnlLine.Init();
        GenJnlLine."Line No." := LineNo;
        GenJnlLine.Validate("Posting Date", Day(Root, 'postingDate'));
        GenJnlLine."Document No." := Number;
        GenJnlLine."External Document No." := CopyStr(Attribute(Element, 'voucher'), 1, MaxStrLen(GenJnlLine."External Document No."));
        GenJnlLine.Validate("Account Type", GenJnlLine."Account Type"::"G/L Account");
        GenJnlLine.Validate("Account No.", Attribute(Element, 'account'));
        // A re-posting moves costs, not VAT: what the account would fill in is taken out again.
        GenJnlLine.Validate("Gen. Posting Type", GenJnlLine."Gen. Posting Type"::" ");
        GenJnlLine.Validate("Gen. Bus. Posting Group", '');
        GenJnlLine.Validate("Gen. Prod. Posting Group", '');
        GenJnlLine.Validate("VAT Bus. Posting Group", '');
        GenJnlLine.Validate("VAT Prod. Posting Group", '');
        GenJnlLine.Validate(Amount, Amount(Element, 'amount'));
        GenJnlLine.Description := CopyStr(Attribute(Element, 'text'), 1, MaxStrLen(GenJnlLine.Description));
        GenJnlLine."Source Code" := SourceCode;
        SetDimensions(GenJnlLine, Element);
        GenJnlPostLine.RunWithCheck(GenJnlLine);
    end;

    /// What the order says comes before what is filled in from the account.
    local procedure SetDimensions(var GenJnlLine: Record "Gen. Journal Line"; Element: XmlElement)
    var
        TempDimensionSetEntry: Record "Dimension Set Entry" temporary;
        DimensionManagement: Codeunit DimensionManagement;
        Nodes: XmlNodeList;
        Node: XmlNode;
        Code: Code[20];
    begin
        DimensionManagement.GetDimensionSet(TempDimensionSetEntry, GenJnlLine."Dimension Set ID");
        Element.SelectNodes('dimension', Nodes);
        foreach Node in Nodes do begin
            Code := CopyStr(Attribute(Node.AsXmlElement(), 'code'), 1, MaxStrLen(Code));
            if TempDimensionSetEntry.Get(GenJnlLine."Dimension Set ID", Code) then
                TempDimensionSetEntry.Delete();
            TempDimensionSetEntry.Init();
            TempDimensionSetEntry."Dimension Set ID" := GenJnlLine."Dimension Set ID";
            TempDimensionSetEntry.Validate("Dimension Code", Code);
            TempDimensionSetEntry.Validate("Dimension Value Code", Attribute(Node.AsXmlElement(), 'value'));
            TempDimensionSetEntry.Insert();
        end;
        GenJnlLine."Dimension Set ID" := DimensionManagement.GetDimensionSetID(TempDimensionSetEntry);
        DimensionManagement.UpdateGlobalDimFromDimSetID(
            GenJnlLine."Dimension Set ID", GenJnlLine."Shortcut Dimension 1 Code", GenJnlLine."Shortcut Dimension 2 Code");
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
        OrderXml: Text;
        Mode: Integer;
        PostedErr: Label 'The robot''s re-posting %1 is in the general ledger already.', Comment = 'DAN: Robottens ompostering %1 findes allerede i finansposterne.';
        ByAPersonErr: Label 'A re-posting is not here already: a journal is imported by a person.', Comment = 'DAN: En ompostering findes ikke i forvejen: en kladde indlæses af en medarbejder.';
        TotalErr: Label 'Amount (%1) is not equal to total of lines (%2).', Comment = 'DAN: Beløb (%1) er ikke lig med totalen af linjerne (%2).';
}
