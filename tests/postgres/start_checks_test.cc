// What is refused before a ledger rests on a database, and in which words.
#include "ledger/postgres/start_checks.h"

#include <catch2/catch.hpp>

#include "ledger/postgres/connection.h"

namespace fundtrail::testing {
namespace {

using postgres::ServerFacts;

const ServerFacts kFit = {150'018, "on", "on", "n2", "on", false};

TEST_CASE("each setting with which a receipt could be lost is refused with a sentence") {
  struct Case {
    const char* what;
    void (*change)(ServerFacts*);
    const char* words;
  };
  const Case cases[] = {
      {"version", [](ServerFacts* f) { f->version = 140'009; },
       "PostgreSQL: it is version 14, and 15 or later is needed"},
      {"superuser", [](ServerFacts* f) { f->superuser = true; },
       "PostgreSQL: the URL's role is a superuser, who could change the log's rules: make a role of its own"},
      {"fsync", [](ServerFacts* f) { f->fsync = "off"; },
       "PostgreSQL: fsync is off, so a power cut would lose receipts: set fsync = on"},
      {"pages", [](ServerFacts* f) { f->full_page_writes = "off"; },
       "PostgreSQL: full_page_writes is off, so a power cut could tear a page: set full_page_writes = on"},
      {"commit", [](ServerFacts* f) { f->synchronous_commit = "local"; },
       "PostgreSQL: synchronous_commit is local in this session, not on"},
      {"no standby", [](ServerFacts* f) { f->standby_names = " "; },
       "PostgreSQL: synchronous_standby_names is empty, so a record would be on one disk alone: name the "
       "standby, as 'n2'"},
      {"any program", [](ServerFacts* f) { f->standby_names = "FIRST 1 (*)"; },
       "PostgreSQL: synchronous_standby_names has '*', so any program that connects could acknowledge: name "
       "the standby"},
      {"quorum", [](ServerFacts* f) { f->standby_names = "any 1 (n2, n3)"; },
       "PostgreSQL: synchronous_standby_names has ANY: after a failover the third node could go on "
       "acknowledging for the old primary. Name one standby, or attach the folder again with --quorum-ok"},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    ServerFacts facts = kFit;
    c.change(&facts);
    const Status checked = postgres::CheckServer(facts, false);
    CHECK(absl::IsFailedPrecondition(checked));
    CHECK(checked.message() == c.words);
  }
  CHECK(postgres::CheckServer(kFit, false).ok());
}

TEST_CASE("names of standbys that may acknowledge") {
  for (const char* names :
       {"n2", "FIRST 2 (n2, n3)", "2 (n2, n3)", "1 (n2)", "\"anyone\"", "anyone", "\"n,2\"", "\"n(2\""}) {
    INFO(names);
    CHECK(postgres::CheckStandbyNames(names, false).ok());
  }
  for (const char* names :
       {"ANY 1 (n2, n3)", "any 1(n2)", "ANY1(n2)", "n2, n3", "FIRST 1 (n2, n3)", "2(n2,n3,n4)"}) {
    INFO(names);
    CHECK_FALSE(postgres::CheckStandbyNames(names, false).ok());
    CHECK(postgres::CheckStandbyNames(names, true).ok());
  }
  CHECK_FALSE(postgres::CheckStandbyNames("*", true).ok());
  CHECK_FALSE(postgres::CheckStandbyNames("", true).ok());
}

TEST_CASE("a URL that leaves the machine verifies who answers, and none has a password") {
  for (const char* url :
       {"postgres://ledger@127.0.0.1:5432,127.0.0.1:5433/fundtrail", "host=/run/postgresql dbname=fundtrail",
        "postgresql://[::1]/fundtrail", "dbname=fundtrail",
        "postgres://ledger@db1,db2/fundtrail?sslmode=verify-full",
        "postgres://ledger@db1/fundtrail?sslmode=verify-full&sslrootcert=/etc/fundtrail/db-ca.crt"
        "&sslcert=/etc/fundtrail/db.crt&sslkey=/etc/fundtrail/db.key"}) {
    INFO(url);
    CHECK(postgres::CheckUrl(url).ok());
  }
  struct Refused {
    const char* url;
    const char* words;
  };
  const Refused refused[] = {
      {"postgres://ledger@db1/fundtrail", "add sslmode=verify-full"},
      {"postgres://ledger@127.0.0.1,db2/fundtrail?sslmode=require", "add sslmode=verify-full"},
      {"hostaddr=10.0.0.1 dbname=fundtrail", "add sslmode=verify-full"},
      {"host=localhost hostaddr=10.0.0.1 dbname=fundtrail", "add sslmode=verify-full"},
      {"postgres://ledger@127.0.0.1.example/fundtrail", "add sslmode=verify-full"},
      {"host=127.0.0.1,127.0.0.2 port=1,2,3 dbname=fundtrail", "name them one for one"},
      {"host=127.0.0.1, dbname=fundtrail", "name them one for one"},
      {"host=127.0.0.1 sslpassword=secret dbname=fundtrail", "put it into the file that PGPASSFILE names"},
      {"postgres://ledger:secret@127.0.0.1/fundtrail", "put it into the file that PGPASSFILE names"},
      // libpq would show what it could not read.
      {"postgres//ledger:secret@127.0.0.1/fundtrail", "it is not a URL of PostgreSQL"},
      {"postgres://ledger:%secret@127.0.0.1/fundtrail", "it is not a URL of PostgreSQL"},
      {"postgres://ledger:secret@[::1/fundtrail", "it is not a URL of PostgreSQL"},
      {"host=127.0.0.1 password=secret dbname", "it is not a URL of PostgreSQL"},
      {"http://127.0.0.1/", "it is not a URL of PostgreSQL"},
      {"postgres://ledger@127.0.0.1/fundtrail?nonsense=1", "it is not a URL of PostgreSQL"},
  };
  for (const Refused& one : refused) {
    INFO(one.url);
    const Status checked = postgres::CheckUrl(one.url);
    CHECK(absl::IsInvalidArgument(checked));
    CHECK(std::string(checked.message()).find(one.words) != std::string::npos);
    CHECK(std::string(checked.message()).find("secret") == std::string::npos);
  }
}

}  // namespace
}  // namespace fundtrail::testing
