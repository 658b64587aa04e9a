// What an auditor looks for: each rule on small ledgers, what it finds and what it does not, and the day on which that changes.

#include "tests/support/findings.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/findings/circles.h"
#include "ledger/query/findings/rule.h"
#include "tests/support/answers.h"
#include "tests/support/notices.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("IDLE: what came so many days ago and is still there") {
  Audited audited;
  const auto old = audited.Do({OnDay("2025-03-01", Pay("donor", "county", 100))});
  const auto young = audited.Do({OnDay("2026-02-01", Pay("donor", "county", 40))});
  audited.Do({OnDay("2026-02-02", Pay("county", "village", 30))});  // of the old
  CHECK(audited.By(v1::FINDING_RULE_IDLE, "2026-02-28").empty());   // 364 days
  CHECK(audited.By(v1::FINDING_RULE_IDLE, "2026-03-01") == "IDLE LOOK 70/110 county " + At(old));
  const std::string both = "110/110 county " + At(old) + " " + At(young);
  CHECK(audited.By(v1::FINDING_RULE_IDLE, "2027-02-28") == "IDLE LOOK " + both);  // 729 days
  CHECK(audited.By(v1::FINDING_RULE_IDLE, "2027-03-01") == "IDLE SERIOUS " + both);
  CHECK(audited.By(v1::FINDING_RULE_IDLE, kToday, {"IDLE.days=28"}) == "IDLE LOOK " + both);
  CHECK(audited.By(v1::FINDING_RULE_IDLE, kToday, {"IDLE.days=29"}) == "IDLE LOOK 70/110 county " + At(old));
  CHECK(audited.By(v1::FINDING_RULE_IDLE, kToday, {"IDLE.serious_days=365"}) ==
        "IDLE SERIOUS 70/110 county " + At(old));
  // A recipient and a source are no holders.
  CHECK_THAT(audited.By(v1::FINDING_RULE_IDLE, "2030-01-01"), !Contains("village") && !Contains("donor"));
}

TEST_CASE("HELD_UPSTREAM: what of an appropriation or allocation was not passed on") {
  struct Case {
    v1::TransferKind kind;
    std::int64_t passed_on;
    std::string on, grade;  // no grade: nothing is found
  };
  const std::vector<Case> cases = {
      {v1::TRANSFER_KIND_ALLOCATION, 900, kToday, ""},  // a tenth is left, and not more
      {v1::TRANSFER_KIND_ALLOCATION, 899, kToday, "LOOK"},
      {v1::TRANSFER_KIND_APPROPRIATION, 899, kToday, "LOOK"},
      {v1::TRANSFER_KIND_DONATION, 899, kToday, ""},
      {v1::TRANSFER_KIND_ALLOCATION, 899, "2026-01-30", ""},  // 29 days
      {v1::TRANSFER_KIND_ALLOCATION, 899, "2026-01-31", "LOOK"},
      {v1::TRANSFER_KIND_ALLOCATION, 899, "2026-06-29", "LOOK"},
      {v1::TRANSFER_KIND_ALLOCATION, 899, "2026-06-30", "SERIOUS"},  // 180 days
  };
  for (const Case& one : cases) {
    INFO(one.kind << " " << one.passed_on << " " << one.on);
    Audited audited;
    const auto got = audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 1'000, one.kind))});
    audited.Do(
        {OnDay("2026-01-05", Pay("ministry", "county", one.passed_on, v1::TRANSFER_KIND_DISBURSEMENT))});
    const std::string found = absl::StrCat("HELD_UPSTREAM ", one.grade, " ", 1'000 - one.passed_on,
                                           "/1000 donor>ministry ", At(got));
    CHECK(audited.By(v1::FINDING_RULE_HELD_UPSTREAM, one.on) == (one.grade.empty() ? "" : found));
  }
  Audited audited;
  const auto got = audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 1'000))});
  audited.Do({OnDay("2026-01-05", Pay("ministry", "village", 600, v1::TRANSFER_KIND_DISBURSEMENT))});
  CHECK(audited.By(v1::FINDING_RULE_HELD_UPSTREAM, kToday, {"HELD_UPSTREAM.part=4000"}).empty());
  CHECK(audited.By(v1::FINDING_RULE_HELD_UPSTREAM, kToday, {"HELD_UPSTREAM.part=3999"}) ==
        "HELD_UPSTREAM LOOK 400/1000 donor>ministry " + At(got));
  // What an import opened is nobody's appropriation: OUT_EXCEEDS_IN says it.
  Audited opened;
  opened.Do({OnDay("2026-01-01", Pay("unrecorded", "ministry", 1'000))});
  CHECK(opened.By(v1::FINDING_RULE_HELD_UPSTREAM).empty());
}

TEST_CASE("ROUND_TRIP: money that comes back and was not sent back") {
  Audited audited;
  audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 100))});
  const auto there = audited.Do({OnDay("2026-01-02", Pay("ministry", "county", 60))});
  audited.Do({OnDay("2026-01-03", Returning(Pay("county", "ministry", 10), Ref(there)))});
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP).empty());
  const auto back = audited.Do({OnDay("2026-01-04", Pay("county", "ministry", 25))});
  const std::string found =
      "ROUND_TRIP COMES_BACK SERIOUS 25/0 ministry>county>ministry " + At(there) + " " + At(back);
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP) == found);
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP, kToday, {"ROUND_TRIP.days=2"}) == found);
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP, kToday, {"ROUND_TRIP.days=1"}).empty());
}

TEST_CASE("ROUND_TRIP: a way through several parties, and a party that pays itself") {
  Audited audited;
  audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 100))});
  const auto first = audited.Do({OnDay("2026-01-02", Pay("ministry", "county", 50))});
  audited.Do({OnDay("2026-01-03", Pay("county", "charity", 40))});
  const auto last = audited.Do({OnDay("2026-01-04", Pay("charity", "ministry", 30))});
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP) ==
        "ROUND_TRIP COMES_BACK SERIOUS 30/0 ministry>county>charity>ministry " + At(first) + " " + At(last));
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP, kToday, {"ROUND_TRIP.hops=2"}).empty());
  CHECK_FALSE(audited.By(v1::FINDING_RULE_ROUND_TRIP, kToday, {"ROUND_TRIP.hops=3"}).empty());
  Audited alone;
  alone.Do({OnDay("2026-01-01", Pay("donor", "charity", 5))});
  const auto itself = alone.Do({OnDay("2026-01-05", Pay("charity", "charity", 5))});
  alone.Do({OnDay("2026-01-06", Reclassify("charity", "school", 5))});
  CHECK(alone.By(v1::FINDING_RULE_ROUND_TRIP) == "ROUND_TRIP PAYS_ITSELF LOOK 5/0 charity " + At(itself));
}

TEST_CASE("ROUND_TRIP: what an import opened begins no way, and is no payment to itself") {
  Audited audited;
  audited.Do({OnDay("2026-01-01", Pay("unrecorded", "ministry", 100))});
  audited.Do({OnDay("2026-01-02", Pay("ministry", "unrecorded", 60))});
  audited.Do({OnDay("2026-01-03", Pay("unrecorded", "unrecorded", 5))});
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP).empty());
  // What it paid for goes in a circle as any other money does.
  const auto there = audited.Do({OnDay("2026-01-04", Pay("ministry", "county", 30))});
  const auto back = audited.Do({OnDay("2026-01-05", Pay("county", "ministry", 20))});
  CHECK(audited.By(v1::FINDING_RULE_ROUND_TRIP) ==
        "ROUND_TRIP COMES_BACK SERIOUS 20/0 ministry>county>ministry " + At(there) + " " + At(back));
}

TEST_CASE("circles of parties: those that each reach one another") {
  // 0 > 1 > 2 > 0, 2 > 3 > 4 > 3, 5 alone.
  const auto circles = query::CirclesOf({{1}, {2}, {0, 3}, {4}, {3}, {}});
  REQUIRE(circles.size() == 6);
  CHECK((circles[0] == circles[1] && circles[1] == circles[2]));
  CHECK(circles[3] == circles[4]);
  CHECK(circles[0] != circles[3]);
  CHECK((circles[5] != circles[0] && circles[5] != circles[3]));
  CHECK(query::CirclesOf({}).empty());
}

TEST_CASE("SPLIT: payments below a limit that come to it together") {
  struct Case {
    std::int64_t one, other;
    std::string first, second;
    std::string grade;
  };
  const std::vector<Case> cases = {
      {600, 600, "2026-02-01", "2026-02-01", "SERIOUS"}, {600, 400, "2026-02-01", "2026-02-01", "SERIOUS"},
      {600, 399, "2026-02-01", "2026-02-01", ""},        {600, 600, "2026-02-01", "2026-02-07", "LOOK"},
      {600, 600, "2026-02-01", "2026-02-08", ""},        {600, 600, "2026-02-07", "2026-02-01", "LOOK"},
  };
  for (const Case& one : cases) {
    INFO(one.one << " on " << one.first << ", " << one.other << " on " << one.second);
    Audited audited;
    audited.Do({InTheFund("watched", OnDay("2026-01-01", Pay("donor", "ministry", 5'000)))});
    const auto a = audited.Do({InTheFund("watched", OnDay(one.first, Pay("ministry", "county", one.one)))});
    const auto b =
        audited.Do({InTheFund("watched", OnDay(one.second, Pay("ministry", "county", one.other)))});
    const std::string found = absl::StrCat("SPLIT ", one.grade, " ", one.one + one.other,
                                           "/1000 ministry>county ", At(a), " ", At(b));
    CHECK(audited.By(v1::FINDING_RULE_SPLIT) == (one.grade.empty() ? "" : found));
  }
  Audited audited;
  audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 5'000))});
  const auto a = audited.Do({OnDay("2026-02-01", Pay("ministry", "county", 600))});
  const auto b = audited.Do({OnDay("2026-02-01", Pay("ministry", "county", 600))});
  audited.Do({OnDay("2026-02-01", Pay("ministry", "charity", 600))});  // another payee
  CHECK(audited.By(v1::FINDING_RULE_SPLIT).empty());                   // the fund has no limit
  const std::string found = "SPLIT SERIOUS 1200/1000 ministry>county " + At(a) + " " + At(b);
  CHECK(audited.By(v1::FINDING_RULE_SPLIT, kToday, {"SPLIT.limit=1000"}) == found);
  CHECK(audited.By(v1::FINDING_RULE_SPLIT, kToday, {"SPLIT.limit=600"})
            .empty());  // each is at the limit itself
  audited.Do({OnDay("2026-02-02", Returning(Pay("county", "ministry", 600), Ref(b)))});
  CHECK(audited.By(v1::FINDING_RULE_SPLIT, kToday, {"SPLIT.limit=1000"}).empty());
}

TEST_CASE("DUPLICATE: equal payments are worth a look, and serious with one reference") {
  struct Case {
    std::string reference, other, date;
    std::int64_t amount;
    std::string grade;
  };
  const std::vector<Case> cases = {
      {"", "", "2026-02-01", 50, "LOOK"},
      {"INV-1", "INV-2", "2026-02-01", 50, "LOOK"},
      {"INV-1", "INV-1", "2026-02-01", 50, "SERIOUS"},
      {"a.csv:3 INV-1", "b.csv:9 INV-1", "2026-02-01", 50, "SERIOUS"},  // of two files
      {"a.csv:3", "a.csv:4", "2026-02-01", 50, "LOOK"},
      {"INV-1", "INV-1", "2026-02-02", 50, ""},
      {"INV-1", "INV-1", "2026-02-01", 51, ""},
  };
  for (const Case& one : cases) {
    INFO(one.reference << ", " << one.other << ", " << one.date << ", " << one.amount);
    Audited audited;
    audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 500))});
    const auto a =
        audited.Do({WithReference(one.reference, OnDay("2026-02-01", Pay("ministry", "county", 50)))});
    const auto b =
        audited.Do({WithReference(one.other, OnDay(one.date, Pay("ministry", "county", one.amount)))});
    const std::string found =
        absl::StrCat("DUPLICATE PAYMENTS_ALIKE ", one.grade, " 50/100 ministry>county ", At(a), " ", At(b));
    CHECK(audited.By(v1::FINDING_RULE_DUPLICATE) == (one.grade.empty() ? "" : found));
  }
  // Lines of one invoice: each has words of its own. They are worth a look, and their reference is said.
  for (const bool same : {false, true}) {
    Audited audited;
    audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 500))});
    const auto line = [](const std::string& purpose, const std::string& words) {
      v1::Action pay = WithReference("INV-1", OnDay("2026-02-01", Pay("ministry", "county", 50)));
      pay.mutable_transfer()->set_purpose(purpose);
      pay.mutable_transfer()->set_project_words(words);
      return pay;
    };
    audited.Do({line("care", "ward 1"), line("care", "ward 2"), line(same ? "care" : "meals", "ward 1")});
    v1::FindingsRequest request;
    request.add_rules(v1::FINDING_RULE_DUPLICATE);
    request.set_on(kToday);
    const auto answer = Need(audited.Try(request));
    REQUIRE(answer.findings_size() == 1);
    CHECK(answer.findings(0).grade() == (same ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK));
    CHECK(answer.findings(0).amount() == 100);
    CHECK(answer.findings(0).reference() == "INV-1");
  }
  // What was sent back whole is no twin; a part of it changes nothing.
  Audited audited;
  audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 500))});
  audited.Do({OnDay("2026-02-01", Pay("ministry", "county", 50))});
  const auto b = audited.Do({OnDay("2026-02-01", Pay("ministry", "county", 50))});
  audited.Do({Returning(Pay("county", "ministry", 20), Ref(b))});
  CHECK_FALSE(audited.By(v1::FINDING_RULE_DUPLICATE).empty());
  audited.Do({Returning(Pay("county", "ministry", 30), Ref(b))});
  CHECK(audited.By(v1::FINDING_RULE_DUPLICATE).empty());
}

TEST_CASE("DUPLICATE: a run that repeats an earlier one is one finding") {
  Audited audited;
  audited.Do({OnDay("2026-01-01", Pay("donor", "ministry", 500))});
  const auto batch = [](const std::string& reference) {
    return std::vector<v1::Action>{
        WithReference(reference, OnDay("2026-02-01", Pay("ministry", "county", 10))),
        WithReference(reference, OnDay("2026-02-01", Pay("ministry", "charity", 20))),
        WithReference(reference, OnDay("2026-02-01", Pay("ministry", "county", 30)))};
  };
  const auto a = audited.Do(batch("one"));
  const auto b = audited.Do(batch("two"));
  const auto refs = [](std::uint64_t first, std::uint64_t second) {
    return At(first) + " " + At(first, 3) + " " + At(second) + " " + At(second, 3);
  };
  CHECK(audited.By(v1::FINDING_RULE_DUPLICATE, kToday, {"DUPLICATE.run=3"}) ==
        "DUPLICATE RUN_ALIKE LOOK 60/60 ministry " + refs(a, b));
  CHECK(audited.By(v1::FINDING_RULE_DUPLICATE, kToday, {"DUPLICATE.run=4"}) ==
        "DUPLICATE PAYMENTS_ALIKE LOOK 30/60 ministry>county " + At(a, 3) + " " + At(b, 3) +
            "; DUPLICATE PAYMENTS_ALIKE LOOK 20/40 ministry>charity " + At(a, 2) + " " + At(b, 2) +
            "; DUPLICATE PAYMENTS_ALIKE LOOK 10/20 ministry>county " + At(a) + " " + At(b));
  Audited same;
  same.Do({OnDay("2026-01-01", Pay("donor", "ministry", 500))});
  const auto c = same.Do(batch("one"));
  const auto d = same.Do(batch("one"));
  CHECK(same.By(v1::FINDING_RULE_DUPLICATE, kToday, {"DUPLICATE.run=3"}) ==
        "DUPLICATE RUN_ALIKE SERIOUS 60/60 ministry " + refs(c, d));
  Audited worded;
  worded.Do({OnDay("2026-01-01", Pay("donor", "ministry", 500))});
  const auto e = worded.Do(batch("one"));
  auto others = batch("one");
  others[1].mutable_transfer()->set_place("cn");
  const auto f = worded.Do(others);
  CHECK(worded.By(v1::FINDING_RULE_DUPLICATE, kToday, {"DUPLICATE.run=3"}) ==
        "DUPLICATE RUN_ALIKE LOOK 60/60 ministry " + refs(e, f));
}

TEST_CASE("OUT_OF_PERIOD: payments dated outside a project's days") {
  struct Case {
    std::string date, kind;
  };
  const std::vector<Case> cases = {{"2026-01-01", "BEFORE_PERIOD"},
                                   {"2026-01-02", ""},  // 31 and 30 days before
                                   {"2026-02-05", ""},
                                   {"2026-03-12", ""},
                                   {"2026-03-13", "AFTER_PERIOD"}};  // 31 days after
  for (const Case& one : cases) {
    INFO(one.date);
    Audited audited;
    audited.OpenProject("tents", "2026-02-01", "2026-02-10");
    const auto paid = audited.Do({OnDay(one.date, Into("tents", Pay("donor", "ministry", 50)))});
    const std::string found = "OUT_OF_PERIOD " + one.kind + " LOOK 50/0 ministry " + At(paid);
    CHECK(audited.By(v1::FINDING_RULE_OUT_OF_PERIOD) == (one.kind.empty() ? "" : found));
    CHECK(audited.By(v1::FINDING_RULE_OUT_OF_PERIOD, kToday, {"OUT_OF_PERIOD.days=31"}).empty());
  }
  Audited open;
  open.OpenProject("tents");
  open.Do({OnDay("1990-01-01", Into("tents", Pay("donor", "ministry", 50)))});
  CHECK(open.By(v1::FINDING_RULE_OUT_OF_PERIOD).empty());
}

TEST_CASE("NOT_ANNOUNCED: money in a project without a notice of its plan, or of its result") {
  // A notice counts from the day of its record, 2026-03-01, and is complete on the 11th.
  for (const int days : {9, 10}) {
    Audited audited;
    audited.OpenProject("tents");
    audited.Do(
        {ForProject(Notice("plan", "ministry", "cn", v1::Announce::KIND_PLAN, "2026-02-01"), "tents")});
    audited.clock.now += days * kOneDay;
    const auto paid = audited.Do({Into("tents", Pay("donor", "ministry", 50))});
    audited.clock.now += 20 * kOneDay;
    audited.Do({Into("tents", Pay("donor", "ministry", 5))});
    INFO(days);
    CHECK(audited.By(v1::FINDING_RULE_NOT_ANNOUNCED).empty() == (days == 10));
    if (days == 9)
      CHECK(audited.By(v1::FINDING_RULE_NOT_ANNOUNCED) ==
            "NOT_ANNOUNCED NO_PLAN_NOTICE LOOK 55/0 ministry " + At(paid) + " " + At(paid + 1));
  }
  Audited audited;
  audited.OpenProject("tents", "2026-01-01", "2026-03-05");
  audited.Do({ForProject(Notice("plan", "ministry", "cn", v1::Announce::KIND_PLAN, "2026-02-01"), "tents")});
  audited.clock.now += 10 * kOneDay;
  const auto paid = audited.Do({Into("tents", Pay("donor", "ministry", 50))});
  CHECK(audited.By(v1::FINDING_RULE_NOT_ANNOUNCED, "2026-06-02").empty());  // 89 days
  const std::string found = "NOT_ANNOUNCED NO_RESULT_NOTICE LOOK 50/0 ministry " + At(paid);
  CHECK(audited.By(v1::FINDING_RULE_NOT_ANNOUNCED, "2026-06-03") == found);
  audited.Do(
      {ForProject(Notice("done", "ministry", "cn", v1::Announce::KIND_RESULT, "2026-06-03"), "tents")});
  CHECK(audited.By(v1::FINDING_RULE_NOT_ANNOUNCED, "2026-06-03").empty());
  // General money is announced nowhere.
  Audited general;
  general.Do({Pay("donor", "ministry", 50)});
  CHECK(general.By(v1::FINDING_RULE_NOT_ANNOUNCED).empty());
}

TEST_CASE("SILENT: payments that nobody acknowledged, and those that are disputed") {
  Audited audited;
  audited.Do({OnDay("2026-02-01", Pay("donor", "ministry", 100))});
  const auto one =
      audited.Do({OnDay("2026-02-01", Pay("ministry", "village", 40, v1::TRANSFER_KIND_DISBURSEMENT))});
  const auto two =
      audited.Do({OnDay("2026-02-02", Pay("ministry", "village", 7, v1::TRANSFER_KIND_DISBURSEMENT))});
  CHECK(audited.By(v1::FINDING_RULE_SILENT, "2026-03-31").empty());  // 30 days after the record
  CHECK(audited.By(v1::FINDING_RULE_SILENT, "2026-04-01") ==
        "SILENT NOBODY_SAID LOOK 47/0 ministry>village " + At(one) + " " + At(two));
  audited.Do({Acknowledge(Ref(two), "village")});
  CHECK(audited.By(v1::FINDING_RULE_SILENT, "2026-04-01") ==
        "SILENT NOBODY_SAID LOOK 40/0 ministry>village " + At(one));
  audited.Do({Acknowledge(Ref(one), "village", v1::Acknowledge::RESULT_NOT_RECEIVED)});
  CHECK(audited.By(v1::FINDING_RULE_SILENT) ==
        "SILENT DISPUTED_ARRIVAL SERIOUS 40/0 ministry>village " + At(one));
  audited.Do({Acknowledge(Ref(one), "village")});
  CHECK(audited.By(v1::FINDING_RULE_SILENT, "2027-01-01").empty());
}

TEST_CASE("OUT_EXCEEDS_IN: what a party paid and nobody recorded as received") {
  Audited audited;
  audited.Do({Pay("donor", "ministry", 70)});
  CHECK(audited.By(v1::FINDING_RULE_OUT_EXCEEDS_IN).empty());
  const auto opened = audited.Do({Pay("unrecorded", "ministry", 30)});
  audited.Do({Pay("ministry", "county", 90)});
  CHECK(audited.By(v1::FINDING_RULE_OUT_EXCEEDS_IN) == "OUT_EXCEEDS_IN LOOK 30/90 ministry " + At(opened));
  audited.Do({Returning(Pay("ministry", "unrecorded", 10), Ref(opened))});
  CHECK(audited.By(v1::FINDING_RULE_OUT_EXCEEDS_IN) == "OUT_EXCEEDS_IN LOOK 20/90 ministry " + At(opened));
}

TEST_CASE("MAGNITUDE: an amount far above the others, and one that is its reference") {
  for (const std::int64_t amount : {10'000, 10'001}) {
    for (const int others : {3, 4}) {
      INFO(amount << ", " << others);
      Audited audited;
      audited.Do({Pay("donor", "ministry", 100'000)});
      for (int i = 0; i < others; ++i) audited.Do({Pay("ministry", "county", 10)});
      const auto large = audited.Do({Pay("ministry", "county", amount)});
      const std::string found = "MAGNITUDE FAR_ABOVE LOOK 10001/10 ministry>county " + At(large);
      CHECK(audited.By(v1::FINDING_RULE_MAGNITUDE) == (amount == 10'001 && others == 4 ? found : ""));
    }
  }
  struct Case {
    std::int64_t amount;
    std::string reference;
    bool found;
  };
  const std::vector<Case> cases = {
      {1'234'567, "INV 12-345-67", true},   {1'234'567, "0001234567", true},     {1'234'567, "12345", false},
      {1'200'000, "12000", true},           {1'200'001, "12000", false},         {9'999, "9999", false},
      {1'234'567, "a.csv:7 1234567", true}, {1'234'567, "a.csv:1234567", false}, {1'234'567, "", false},
  };
  for (const Case& one : cases) {
    INFO(one.amount << " " << one.reference);
    Audited audited;
    const auto paid = audited.Do({WithReference(one.reference, Pay("donor", "ministry", one.amount))});
    const std::string found =
        absl::StrCat("MAGNITUDE LIKE_REFERENCE LOOK ", one.amount, "/0 donor>ministry ", At(paid));
    CHECK(audited.By(v1::FINDING_RULE_MAGNITUDE) == (one.found ? found : ""));
  }
}

TEST_CASE("UNANSWERED: a concern that nobody answered in time") {
  Audited audited;
  audited.Do({AboutParty("county", Concern("late", "charity"))});        // on 2026-03-01
  CHECK(audited.By(v1::FINDING_RULE_UNANSWERED, "2026-03-21").empty());  // 20 days
  CHECK_THAT(audited.By(v1::FINDING_RULE_UNANSWERED, "2026-03-22"),
             Contains("UNANSWERED NO_ANSWER LOOK 0/0 "));
  CHECK_THAT(audited.By(v1::FINDING_RULE_UNANSWERED, "2026-04-10"),
             Contains("UNANSWERED NO_ANSWER LOOK 0/0 "));
  CHECK_THAT(audited.By(v1::FINDING_RULE_UNANSWERED, "2026-04-11"),
             Contains("UNANSWERED NO_ANSWER SERIOUS 0/0 "));
  v1::FindingsRequest request;
  request.add_rules(v1::FINDING_RULE_UNANSWERED);
  request.set_on("2026-04-11");
  const auto answer = Need(audited.Try(request));
  REQUIRE(answer.findings_size() == 1);
  CHECK(answer.findings(0).item() == "late");
  CHECK(answer.findings(0).first() == "2026-03-01");
  CHECK(answer.findings(0).last() == "2026-03-21");
  audited.Do({Respond("late", "county")});
  CHECK(audited.By(v1::FINDING_RULE_UNANSWERED, "2026-04-11").empty());
}

TEST_CASE("the reference of an imported row is what stands behind its file and line") {
  CHECK(query::OwnReference("flows.csv:5 158080") == "158080");
  CHECK(query::OwnReference("my flows.csv:5 A 1:2") == "A 1:2");
  CHECK(query::OwnReference("flows.csv:5").empty());
  CHECK(query::OwnReference("INV:5 a") == "INV:5 a");
  CHECK(query::OwnReference("INV.5:a") == "INV.5:a");
  CHECK(query::OwnReference("flows.csv:5x") == "flows.csv:5x");
  CHECK(query::OwnReference("").empty());
}

}  // namespace
}  // namespace fundtrail::testing
