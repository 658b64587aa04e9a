// The way to the database by TLS, with certificate files that the URL names: who is not whom it should be is not spoken to.
#include <catch2/catch.hpp>
#include <filesystem>

#include "ledger/postgres/postgres_log.h"
#include "tests/postgres/cluster.h"
#include "tests/replica/machine.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a URL names certificate files, and both sides are known by them") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  const TempDir own;
  for (const char* name : {"db", "ledger", "stranger"}) MakeCertificate(own / "", name);
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "none");
  // The server's key is its own; of clients it believes the one named `ledger`.
  for (const char* file : {"db.pem", "db.key", "ledger.pem"}) {
    RunShell(std::string("cp ") + (own / file) + " " + (folder / file));
    if (::geteuid() == 0) RunShell("chown postgres " + (folder / file));
  }
  RunShell("chmod 600 " + (folder / "db.key"));
  const std::string rules = folder / "n1/pg_hba.conf";
  RunShell(
      "{ echo 'hostssl fundtrail ledger 127.0.0.1/32 cert'; echo 'hostnossl fundtrail ledger 127.0.0.1/32 "
      "reject'; cat " +
      rules + "; } > " + (folder / "rules") + " && cp " + (folder / "rules") + " " + rules);
  for (const auto& [setting, value] :
       std::vector<std::pair<std::string, std::string>>{{"ssl_cert_file", folder / "db.pem"},
                                                        {"ssl_key_file", folder / "db.key"},
                                                        {"ssl_ca_file", folder / "ledger.pem"},
                                                        {"ssl", "on"}})
    n1.Sql("ALTER SYSTEM SET " + setting + " = '" + value + "'");
  n1.Sql("SELECT pg_reload_conf()");

  const auto with = [&](const std::string& root, const std::string& name) {
    postgres::PostgresSettings settings;
    settings.url = UrlOf({&n1}) + "?sslmode=verify-full&sslrootcert=" + (own / (root + ".pem")) +
                   "&sslcert=" + (own / (name + ".pem")) + "&sslkey=" + (own / (name + ".key"));
    settings.answer_in = std::chrono::milliseconds(5'000);
    return settings;
  };
  Status prepared;
  CHECK(WaitUntil([&] {
    prepared = postgres::PreparePostgresLog(with("db", "ledger"), kLedgerName, tree::EmptyRoot());
    return prepared.ok();
  }));
  INFO(prepared);
  const auto log = Need(postgres::OpenPostgresLog(with("db", "ledger")));
  CHECK(Need(log->Take("first", store::Taking::kAnew)).epoch == 1);
  CHECK(n1.Sql("SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND usename = "
               "'ledger'") == "1");
  // Whom the database does not know, and a database that the ledger does not know.
  for (const auto& settings : {with("db", "stranger"), with("stranger", "ledger")}) {
    const Status refused = Need(postgres::OpenPostgresLog(settings))->Peek().status();
    INFO(refused);
    CHECK(absl::IsUnavailable(refused));
    CHECK(std::string(refused.message()).find("PRIVATE") == std::string::npos);
  }
}

}  // namespace
}  // namespace fundtrail::testing
