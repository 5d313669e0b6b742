-- Rights for the login that the invoice robot reads Navision with: Business Central
-- on-premises, version 15 and later.
--
-- Run it in the tenant's database, as one who may grant there, after filling in the two places
-- marked FILL IN. Run it again after an upgrade of Navision: tables that were made anew have no
-- rights, and `invoice-robot doctor` then names them. Running it twice changes nothing.
--
-- The login reads these tables of these companies and nothing else: not db_datareader, because
-- salary and personnel companies may share the database. It is denied to write anything, whatever
-- other role it is put into. Posting goes through Navision's own doors with a user of Navision's,
-- who needs no rights in SQL.

-- FILL IN 1: the login, made on the server first:
--   CREATE LOGIN [invoice_robot] WITH PASSWORD = '...';        -- SQL Server's own
--   CREATE LOGIN [DOMAIN\invoice_robot] FROM WINDOWS;           -- or Windows'
IF USER_ID(N'invoice_robot') IS NULL
    CREATE USER [invoice_robot] FOR LOGIN [invoice_robot];
IF DATABASE_PRINCIPAL_ID(N'invoice_robot_reader') IS NULL
    CREATE ROLE [invoice_robot_reader];
ALTER ROLE [invoice_robot_reader] ADD MEMBER [invoice_robot];

-- FILL IN 2: the companies, as they stand before the first $ in the names of tables: each of
-- . " \ / ' % ] [ in the company's own name is _ there (CRONUS Danmark A/S: CRONUS Danmark A_S).
DECLARE @companies TABLE (name nvarchar(30));
INSERT INTO @companies (name) VALUES (N'Eksempelstyrelsen');

DECLARE @tables TABLE (name nvarchar(128));
INSERT INTO @tables (name) VALUES
    (N'Purchase Header'),
    (N'Purchase Line'),
    (N'Purch_ Inv_ Header'),
    (N'Purch_ Cr_ Memo Hdr_'),
    (N'Vendor Ledger Entry'),
    (N'Detailed Vendor Ledg_ Entry'),
    (N'G_L Entry'),
    (N'Vendor'),
    (N'Vendor Bank Account'),
    (N'Payment Method'),
    (N'G_L Account'),
    (N'Dimension'),
    (N'Dimension Value'),
    (N'Default Dimension'),
    (N'Dimension Combination'),
    (N'Dimension Value Combination'),
    (N'VAT Posting Setup'),
    (N'User Setup'),
    (N'General Ledger Setup'),
    (N'Accounting Period'),
    (N'Currency'),
    (N'Currency Exchange Rate'),
    (N'Job Queue Entry'),
    (N'Job Queue Log Entry');

-- Base tables carry the Base Application's id. An app's fields lie in tables of the same name with
-- the app's own id (to version 22), or in one more with $ext (from 23 on): Microsoft's Danish
-- payments app keeps the creditors' giro accounts there.
DECLARE @apps TABLE (suffix nvarchar(60));
INSERT INTO @apps (suffix) VALUES
    (N'$437dbf0e-84ff-417a-965d-ed2bb9650972'),
    (N'$437dbf0e-84ff-417a-965d-ed2bb9650972$ext'),
    (N'$644f7e5b-a81c-408a-aaa2-766e655a80a3');

DECLARE @grants nvarchar(max) = N'';
SELECT @grants = @grants + N'GRANT SELECT ON ' + QUOTENAME(SCHEMA_NAME(t.schema_id)) + N'.'
    + QUOTENAME(t.name) + N' TO [invoice_robot_reader];' + CHAR(10)
FROM sys.tables AS t
WHERE t.name IN (
    SELECT c.name + N'$' + w.name + a.suffix
    FROM @companies AS c CROSS JOIN @tables AS w CROSS JOIN @apps AS a
)
-- Tables that all companies share: the list of companies, the robot's own inbox, and those that
-- show whether a job that posts is still at work.
OR t.name IN (N'Company', N'Active Session', N'Server Instance', N'Scheduled Task')
OR t.name = N'Robot Inbox'
OR t.name LIKE N'Robot Inbox$%';
EXEC sys.sp_executesql @grants;

-- Never to write, and never to run code, in Navision's schema.
DENY INSERT, UPDATE, DELETE, EXECUTE, ALTER ON SCHEMA::[dbo] TO [invoice_robot_reader];

-- What was granted, to look at.
SELECT OBJECT_NAME(p.major_id) AS [table], p.permission_name, p.state_desc
FROM sys.database_permissions AS p
WHERE p.grantee_principal_id = DATABASE_PRINCIPAL_ID(N'invoice_robot_reader')
ORDER BY [table];
