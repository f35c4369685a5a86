-- One role and one database for each store: no service can read another's, as no authority can.
-- Run once, by the server's first start. A password that is missing ends it with an error.
\set ON_ERROR_STOP on

\getenv password NOTIFIER_PASSWORD
CREATE ROLE notifier LOGIN PASSWORD :'password';
CREATE DATABASE notifier OWNER notifier;
REVOKE ALL ON DATABASE notifier FROM PUBLIC;
\unset password

\getenv password CONSENT_A_PASSWORD
CREATE ROLE consent_a LOGIN PASSWORD :'password';
CREATE DATABASE consent_a OWNER consent_a;
REVOKE ALL ON DATABASE consent_a FROM PUBLIC;
\unset password

\getenv password CONSENT_B_PASSWORD
CREATE ROLE consent_b LOGIN PASSWORD :'password';
CREATE DATABASE consent_b OWNER consent_b;
REVOKE ALL ON DATABASE consent_b FROM PUBLIC;
\unset password

\getenv password CUSTOMS_GATEWAY_PASSWORD
CREATE ROLE customs_gateway LOGIN PASSWORD :'password';
CREATE DATABASE customs_gateway OWNER customs_gateway;
REVOKE ALL ON DATABASE customs_gateway FROM PUBLIC;
\unset password

\getenv password DESK_PASSWORD
CREATE ROLE desk LOGIN PASSWORD :'password';
CREATE DATABASE desk OWNER desk;
REVOKE ALL ON DATABASE desk FROM PUBLIC;
\unset password

\getenv password WINDOW_PASSWORD
CREATE ROLE "window" LOGIN PASSWORD :'password';
CREATE DATABASE "window" OWNER "window";
REVOKE ALL ON DATABASE "window" FROM PUBLIC;
\unset password
