// What is written is read again as it was.
#include "ledger/iati/write.h"

#include <catch2/catch.hpp>

#include "ledger/iati/read.h"

namespace fundtrail::iati {
namespace {

Organisation Named(const std::string& id, const std::string& ref, const std::string& role) {
  Organisation organisation;
  organisation.own_id = id;
  organisation.ref = ref;
  organisation.role = role;
  organisation.type = "22";
  organisation.name = "Puits & <Vie> 贵州";
  return organisation;
}

TEST_CASE("an activity that is written is read again as it was") {
  Activity activity;
  activity.id = "XX-1-wells";
  activity.own_id = "wells";
  activity.title = "A \"title\" & more";
  activity.status = "2";
  activity.reporting = Named("hub", "XX-1", "HOLDER");
  activity.participants.push_back({Named("hub", "XX-1", "HOLDER"), OrganisationRole::kAccountable});
  activity.from = "2025-01-01";
  activity.until = "2025-12-31";
  activity.budgets.push_back({false, "2025-01-01", "2025-12-31", "100.00", "EUR"});
  activity.parents.push_back("XX-1-water");
  Transaction transaction;
  transaction.kind = TransactionType::kDisbursement;
  transaction.ref = "12.1";
  transaction.date = "2025-02-01";
  transaction.amount = "-5.50";
  transaction.currency = transaction.asset = "EUR";
  transaction.decimals = "2";
  transaction.fund = "winter";
  transaction.order = 7;
  transaction.description = "pumps";
  transaction.provider = Named("hub", "XX-1", "HOLDER");
  transaction.receiver = Named("village", "", "RECIPIENT");
  transaction.receiver.activity_id = "XX-2-roofs";
  activity.transactions.push_back(transaction);

  const auto read = ReadActivities(FileBegin("2026-01-31") + ActivityText(activity) + FileEnd());
  REQUIRE(read.ok());
  CHECK(read->remarks.empty());
  REQUIRE(read->activities.size() == 1);
  const Activity& back = read->activities.front();
  CHECK(back.id == activity.id);
  CHECK(back.own_id == activity.own_id);
  CHECK(back.title == activity.title);
  CHECK(back.reporting.name == activity.reporting.name);
  CHECK(back.reporting.ref == "XX-1");
  CHECK(back.from == activity.from);
  CHECK(back.until == activity.until);
  CHECK(back.parents == activity.parents);
  REQUIRE(back.budgets.size() == 1);
  CHECK(back.budgets[0].amount == "100.00");
  REQUIRE(back.participants.size() == 1);
  CHECK(back.participants[0].role == OrganisationRole::kAccountable);
  REQUIRE(back.transactions.size() == 1);
  const Transaction& paid = back.transactions[0];
  CHECK(paid.kind == transaction.kind);
  CHECK(paid.ref == transaction.ref);
  CHECK(paid.date == transaction.date);
  CHECK(paid.amount == transaction.amount);
  CHECK(paid.currency == "EUR");
  CHECK(paid.asset == "EUR");
  CHECK(paid.decimals == "2");
  CHECK(paid.fund == "winter");
  CHECK(paid.order == 7);
  CHECK(paid.description == "pumps");
  CHECK(paid.provider.own_id == "hub");
  CHECK(paid.receiver.own_id == "village");
  CHECK(paid.receiver.ref.empty());
  CHECK(paid.receiver.role == "RECIPIENT");
  CHECK(paid.receiver.activity_id == "XX-2-roofs");
}

// What a server answers may be anything.
TEST_CASE("no text of an activity gets out of its place") {
  const std::string bad = "\"/><evil x=\"&";
  Activity activity;
  activity.id = activity.own_id = activity.title = activity.status = activity.from = activity.until = bad;
  activity.reporting = Named(bad, bad, bad);
  activity.participants.push_back({Named(bad, bad, bad), OrganisationRole::kAccountable});
  activity.budgets.push_back({false, bad, bad, bad, bad});
  activity.parents.push_back(bad);
  Transaction transaction;
  transaction.kind = TransactionType::kDisbursement;
  transaction.ref = transaction.date = transaction.amount = transaction.currency = transaction.asset = bad;
  transaction.decimals = transaction.fund = transaction.description = bad;
  transaction.provider = transaction.receiver = Named(bad, bad, bad);
  activity.transactions.push_back(transaction);
  const std::string text = FileBegin("2026-01-31") + ActivityText(activity) + FileEnd();
  CHECK(text.find("<evil") == std::string::npos);
  const auto read = ReadActivities(text);
  REQUIRE(read.ok());
  REQUIRE(read->activities.size() == 1);
  CHECK(read->activities[0].id == bad);
  REQUIRE(read->activities[0].transactions.size() == 1);
  CHECK(read->activities[0].transactions[0].amount == bad);
  CHECK(read->activities[0].transactions[0].date == bad);
}

}  // namespace
}  // namespace fundtrail::iati
