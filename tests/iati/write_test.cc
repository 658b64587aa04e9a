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
  NamedPlace country;
  country.kind = NamedPlace::Kind::kCountry;
  country.own_id = "iso3166:AF";
  country.code = "AF";
  country.name = "Afghanistan";
  country.basis_points = 2'550;
  NamedPlace village;
  village.own_id = village.code = "gbt2260:520521";
  village.level = "3";
  village.name = "大方县";
  village.basis_points = 7'450;
  activity.places = {village, country};
  Sector sector;
  sector.own_id = "HEA";
  sector.code = "12220";
  sector.vocabulary = "1";
  sector.name = "Basic health care";
  activity.sectors.push_back(sector);
  Indicator indicator;
  indicator.title = "wells & pumps";
  indicator.unit = "pieces";
  indicator.baseline = "7";
  indicator.target = "400";
  indicator.actual = "120";
  indicator.from = "2025-01-01";
  indicator.until = "2025-12-31";
  indicator.across_periods = "SUM";
  activity.indicators.push_back(indicator);
  Transaction transaction;
  transaction.ledger_kind = "ALLOCATION";
  transaction.returns = "3.1";
  transaction.draws = {"3.1", "4.2"};
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
  REQUIRE(back.places.size() == 2);
  CHECK(back.places[0].kind == NamedPlace::Kind::kCountry);
  CHECK(back.places[0].code == "AF");
  CHECK(back.places[0].own_id == "iso3166:AF");
  CHECK(back.places[0].basis_points == 2'550);
  CHECK(back.places[1].own_id == "gbt2260:520521");
  CHECK(back.places[1].level == "3");
  CHECK(back.places[1].name == "大方县");
  CHECK(back.places[1].basis_points == 7'450);
  REQUIRE(back.sectors.size() == 1);
  CHECK(back.sectors[0].vocabulary == "1");
  CHECK(back.sectors[0].code == "12220");
  CHECK(back.sectors[0].own_id == "HEA");
  CHECK(back.sectors[0].basis_points == 0);
  REQUIRE(back.indicators.size() == 1);
  CHECK(back.indicators[0].title == indicator.title);
  CHECK(back.indicators[0].unit == "pieces");
  CHECK(back.indicators[0].baseline == "7");
  CHECK(back.indicators[0].target == "400");
  CHECK(back.indicators[0].actual == "120");
  CHECK(back.indicators[0].until == "2025-12-31");
  CHECK(back.indicators[0].across_periods == "SUM");
  REQUIRE(back.transactions.size() == 1);
  const Transaction& paid = back.transactions[0];
  CHECK(paid.kind == transaction.kind);
  CHECK(paid.ledger_kind == "ALLOCATION");
  CHECK(paid.returns == "3.1");
  CHECK(paid.draws == transaction.draws);
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
TEST_CASE("percentages of the standard come to the whole, and other parts are said beside it") {
  Activity activity;
  activity.own_id = activity.id = "XX-1-wells";
  activity.title = "Wells";
  activity.from = "2025-01-01";
  activity.reporting = Named("XX-1", "Wells for all", "wells");
  const auto place = [](NamedPlace::Kind kind, const std::string& code, std::uint32_t part) {
    NamedPlace made;
    made.kind = kind;
    made.own_id = made.code = made.name = code;
    made.basis_points = part;
    return made;
  };
  const auto sector = [](const std::string& vocabulary, const std::string& code, std::uint32_t part) {
    Sector made;
    made.vocabulary = vocabulary;
    made.own_id = made.code = made.name = code;
    made.basis_points = part;
    return made;
  };
  using Kind = NamedPlace::Kind;
  const auto parts = [&activity] {
    const auto read = ReadActivities(FileBegin("2026-01-31") + ActivityText(activity) + FileEnd());
    REQUIRE(read.ok());
    std::vector<std::uint32_t> all;
    for (const NamedPlace& one : read->activities.at(0).places) all.push_back(one.basis_points);
    for (const Sector& one : read->activities.at(0).sectors) all.push_back(one.basis_points);
    return all;
  };
  activity.places = {place(Kind::kCountry, "CN", 3'000), place(Kind::kRegion, "298", 7'000)};
  activity.sectors = {sector("1", "12220", 6'000), sector("1", "11220", 4'000)};
  std::string text = ActivityText(activity);
  CHECK(text.find(" percentage=\"30.00\"") != std::string::npos);
  CHECK(text.find(" percentage=\"60.00\"") != std::string::npos);
  CHECK(text.find("ft:percentage") == std::string::npos);
  CHECK(parts() == std::vector<std::uint32_t>{3'000, 7'000, 6'000, 4'000});
  // A country and a place in it; two vocabularies, of which each has a part.
  activity.places = {place(Kind::kCountry, "CN", 4'000), place(Kind::kLocation, "cn:5205", 6'000)};
  activity.sectors = {sector("1", "12220", 6'000), sector("99", "HEA", 4'000)};
  text = ActivityText(activity);
  CHECK(text.find(" percentage=") == std::string::npos);
  CHECK(parts() == std::vector<std::uint32_t>{4'000, 6'000, 6'000, 4'000});
}

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
  transaction.ledger_kind = transaction.returns = bad;
  transaction.draws = {bad, bad};
  NamedPlace place;
  place.own_id = place.code = place.name = bad;
  activity.places = {place};
  Sector sector;
  sector.own_id = sector.code = sector.vocabulary = sector.name = bad;
  activity.sectors = {sector};
  Indicator indicator;
  indicator.title = indicator.unit = indicator.baseline = indicator.target = indicator.actual = bad;
  indicator.from = indicator.until = indicator.across_places = indicator.across_periods = bad;
  activity.indicators = {indicator};
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
