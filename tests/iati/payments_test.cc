// From transactions to payments: who pays whom out of which project, what both sides tell, and what is told wrongly.
#include "ledger/iati/payments.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "ledger/iati/read.h"
#include "ledger/iati/tables.h"
#include "tests/support/text.h"

namespace fundtrail::iati {
namespace {

using Texts = std::vector<std::string>;

std::string Org(const std::string& element, const std::string& ref, const std::string& activity = "",
                const std::string& name = "") {
  const std::string side = element == "provider-org" ? "provider" : "receiver";
  return absl::StrCat("<", element, ref.empty() ? "" : absl::StrCat(" ref='", ref, "'"),
                      activity.empty() ? "" : absl::StrCat(" ", side, "-activity-id='", activity, "'"), ">",
                      name.empty() ? "" : absl::StrCat("<narrative>", name, "</narrative>"), "</", element,
                      ">");
}
std::string From(const std::string& ref, const std::string& activity = "") {
  return Org("provider-org", ref, activity);
}
std::string To(const std::string& ref, const std::string& activity = "") {
  return Org("receiver-org", ref, activity);
}
std::string Pays(int type, const std::string& date, const std::string& amount, const std::string& orgs) {
  return absl::StrCat("<transaction><transaction-type code='", type, "'/>",
                      date.empty() ? "" : absl::StrCat("<transaction-date iso-date='", date, "'/>"),
                      "<value>", amount, "</value>", orgs, "</transaction>\n");
}
std::string Activity(const std::string& id, const std::string& by, const std::string& rest,
                     const std::string& currency = "EUR") {
  return absl::StrCat("<iati-activity default-currency='", currency, "'><iati-identifier>", id,
                      "</iati-identifier><reporting-org ref='", by, "' type='10'><narrative>Org ", by,
                      "</narrative></reporting-org><title><narrative>T</narrative></title>\n", rest,
                      "</iati-activity>\n");
}

struct Found {
  explicit Found(const std::string& activities, Surroundings ledger = {})
      : document(
            ReadActivities("<iati-activities version='2.03'>" + activities + "</iati-activities>").value()) {
    ledger.unrecorded = "unrecorded";
    payments = FindPayments(document, ledger);
  }
  // "R -> Q 5 EUR 2025-01-01 in B from A".
  Texts Told() const {
    Texts told;
    for (const Payment& payment : payments.payments) {
      told.push_back(absl::StrCat(payment.from, " -> ", payment.to, " ", payment.amount, " ", payment.asset,
                                  " ", payment.date, payment.project.empty() ? "" : " in " + payment.project,
                                  payment.from_project.empty() ? "" : " from " + payment.from_project,
                                  payment.committed ? ", committed" : ""));
    }
    return told;
  }
  Texts Refused() const {
    Texts told;
    for (const Payment& payment : payments.refused) told.push_back(payment.code + ": " + payment.why);
    return told;
  }
  int Remarks(RemarkKind kind) const {
    CHECK(payments.remarks.KeptOf(kind).size() == payments.remarks.CountOf(kind));
    return static_cast<int>(payments.remarks.CountOf(kind));
  }

  Document document;
  Payments payments;
};

TEST_CASE("each type of transaction is a payment of its direction, or a promise") {
  const std::string both = From("P") + To("Q");
  const struct {
    int type;
    std::string orgs, told;
  } rows[] = {
      {1, From("P"), "P -> R 5 EUR 2025-01-01 in R-A"},
      {1, both, "P -> Q 5 EUR 2025-01-01 in R-A"},
      {1, "", "unrecorded -> R 5 EUR 2025-01-01 in R-A"},
      {3, To("Q"), "R -> Q 5 EUR 2025-01-01 in R-A"},
      {4, To("Q"), "R -> Q 5 EUR 2025-01-01 in R-A"},
      {4, "", "R -> payees-that-org-r-does-not-name 5 EUR 2025-01-01 in R-A"},
      {7, To("Q"), "R -> Q 5 EUR 2025-01-01 in R-A"},
      {8, both, "P -> Q 5 EUR 2025-01-01 in R-A"},
      {5, both, "P -> Q 5 EUR 2025-01-01 in R-A"},
      {6, both, "P -> Q 5 EUR 2025-01-01 in R-A"},
      {9, both, "P -> Q 5 EUR 2025-01-01 in R-A"},
  };
  for (const auto& row : rows) {
    INFO(row.type << " " << row.told);
    CHECK(Found(Activity("R-A", "R", Pays(row.type, "2025-01-01", "5", row.orgs))).Told() == Texts{row.told});
  }
  for (const int promise : {2, 10, 11, 12, 13}) {
    const Found found(Activity("R-A", "R", Pays(promise, "2025-01-01", "5", both)));
    CHECK(found.Told().empty());
    REQUIRE(found.payments.promises.size() == 1);
    CHECK(static_cast<int>(found.payments.promises.begin()->first.first) == promise);
  }
}

TEST_CASE("what a transaction leaves out or tells wrongly is refused, with the reason") {
  const struct {
    std::string transaction, why;
  } rows[] = {
      {Pays(99, "2025-01-01", "5", To("Q")), "\"99\" is no type of a transaction"},
      {Pays(3, "", "5", To("Q")), "the transaction has no date"},
      {Pays(3, "2025-02-30", "5", To("Q")), "\"2025-02-30\" is no date"},
      {Pays(3, "01/02/2025", "5", To("Q")), "\"01/02/2025\" is no date"},
      {Pays(3, "2025-01-01", "1,000", To("Q")), "\"1,000\" is no amount"},
      {Pays(3, "2025-01-01", "", To("Q")), "\"\" is no amount"},
      {Pays(3, "2025-01-01", "1e3", To("Q")), "\"1e3\" is no amount"},
      {Pays(3, "2025-01-01", "5", ""), "nothing says who was paid"},
      {Pays(6, "2025-01-01", "5", To("Q")), "of loan repayment nothing says who pays"},
  };
  for (const auto& row : rows) {
    const Found found(Activity("R-A", "R", row.transaction));
    INFO(row.why);
    CHECK(found.Told().empty());
    REQUIRE(found.Refused().size() == 1);
    CHECK_THAT(found.Refused()[0], Catch::StartsWith("UNREADABLE: ") && Catch::Contains(row.why));
  }
  CHECK_THAT(Found(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q")), "")).Refused().at(0),
             Catch::Contains("there is no currency: neither the value nor activity R-A says one"));
  const Found twice(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q"))) +
                    Activity("R-A", "R", Pays(3, "2025-01-02", "6", To("Q"))));
  CHECK(twice.Told() == Texts{"R -> Q 5 EUR 2025-01-01 in R-A"});
  CHECK_THAT(twice.Refused().at(0),
             Catch::Contains("activity R-A stands twice in the file, first on line 1"));
  CHECK_THAT(Found(Activity("", "R", Pays(3, "2025-01-01", "5", To("Q")))).Refused().at(0),
             Catch::Contains("the activity has no iati-identifier"));
}

TEST_CASE("dates with a time zone and amounts with a sign are read as the standard has them") {
  CHECK(Found(Activity("R-A", "R", Pays(3, "2025-01-01Z", "+5.50", To("Q")))).Told() ==
        Texts{"R -> Q 5.50 EUR 2025-01-01 in R-A"});
  CHECK(Found(Activity("R-A", "R", Pays(3, "2025-01-01+01:00", "-5", To("Q")))).Told() ==
        Texts{"R -> Q -5 EUR 2025-01-01 in R-A"});
}

TEST_CASE("ids of activities are followed: money leaves one project and comes into the other") {
  const std::string there = Activity("Q-B", "Q", "");
  CHECK(Found(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q", "Q-B"))) + there).Told() ==
        Texts{"R -> Q 5 EUR 2025-01-01 in Q-B from R-A"});
  CHECK(Found(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("", "Q-B"))) + there).Told() ==
        Texts{"R -> Q 5 EUR 2025-01-01 in Q-B from R-A"});
  CHECK(Found(Activity("R-A", "R", Pays(1, "2025-01-01", "5", From("Q", "Q-B"))) + there).Told() ==
        Texts{"Q -> R 5 EUR 2025-01-01 in R-A from Q-B"});
  Surroundings ledger;
  ledger.project_of = [](const std::string& id) { return id == "Q-OLD" ? "q-old" : ""; };
  CHECK(Found(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q", "Q-OLD"))), ledger).Told() ==
        Texts{"R -> Q 5 EUR 2025-01-01 in q-old from R-A"});
}

TEST_CASE("a wrong id of an activity links nothing, and is told") {
  const Found organisation(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q", "R"))));
  CHECK(organisation.Told() == Texts{"R -> Q 5 EUR 2025-01-01 in R-A"});
  CHECK(organisation.Remarks(RemarkKind::kOrganisationId) == 1);
  const Found unknown(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q", "Q-NONE"))));
  CHECK(unknown.Told() == Texts{"R -> Q 5 EUR 2025-01-01 in R-A"});
  CHECK(unknown.Remarks(RemarkKind::kUnknownActivity) == 1);
  const Found blanks(Activity(" R-A ", "R", Pays(3, "2025-01-01", "5", To("Q", " R-A"))));
  CHECK(blanks.Told() == Texts{"R -> Q 5 EUR 2025-01-01 in R-A"});
  CHECK(blanks.Remarks(RemarkKind::kMendedId) == 2);
  CHECK(Found(Activity("X-A", "R", "")).Remarks(RemarkKind::kOwnId) == 1);
}

TEST_CASE("an activity with others below it is a programme: its money is in no project") {
  const std::string child =
      Activity("R-B", "R", "<related-activity ref='R-A' type='1'/>" + Pays(4, "2025-01-02", "3", To("Q")));
  const Found found(
      Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q")) + Pays(3, "2025-01-01", "4", To("R", "R-B"))) +
      child);
  CHECK(found.Told() == Texts{"R -> Q 5 EUR 2025-01-01", "R -> R 4 EUR 2025-01-01 in R-B from -",
                              "R -> Q 3 EUR 2025-01-02 in R-B"});
  // Its payee tells in which project that came.
  const Found received(Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q"))) + child +
                       Activity("Q-B", "Q", Pays(1, "2025-01-03", "5", From("R", "R-A"))));
  CHECK(received.Told() == Texts{"R -> Q 5 EUR 2025-01-01 in Q-B from -", "R -> Q 3 EUR 2025-01-02 in R-B"});
}

TEST_CASE("a payment that both sides tell counts once, by what they say of each other") {
  const auto told = [](const std::string& paid_to, const std::string& got_from, const std::string& got_on,
                       const std::string& amount = "5") {
    return Found(Activity("R-A", "R", Pays(3, "2025-01-01", "5.00", To("Q", paid_to))) +
                 Activity("Q-B", "Q", Pays(1, got_on, amount, From("R", got_from))));
  };
  const Texts once = {"R -> Q 5.00 EUR 2025-01-01 in Q-B from R-A"};
  CHECK(told("Q-B", "R-A", "2025-01-20").Told() == once);
  CHECK(told("", "R-A", "2025-01-20").Told() == once);
  CHECK(told("Q-B", "", "2025-01-20").Told() == once);
  CHECK(told("", "", "2025-01-01").Told() == once);
  CHECK(told("Q-B", "R-A", "2025-01-20").payments.told_twice == 1);
  CHECK(told("", "", "2025-01-02").Told().size() == 2);       // neither names an activity
  CHECK(told("", "R-A", "2025-03-20").Told().size() == 2);    // too far apart
  CHECK(told("", "Q-B", "2025-01-01").Told().size() == 2);    // it came from elsewhere
  const Found other = told("Q-B", "R-A", "2025-01-20", "6");  // the payer tells its payments to Q-B
  CHECK(other.Told().size() == 1);
  CHECK_THAT(other.Refused().at(0), Catch::StartsWith("DUPLICATE_SUSPECTED: activity R-A tells"));
  Surroundings accepting;
  accepting.accept_duplicates = true;
  CHECK(Found(Activity("R-A", "R", Pays(3, "2025-01-01", "5.00", To("Q", "Q-B"))) +
                  Activity("Q-B", "Q", Pays(1, "2025-01-02", "6", From("R", "R-A"))),
              accepting)
            .Told()
            .size() == 2);
}

TEST_CASE("commitments are taken where that is asked, and nothing is paid of them") {
  Surroundings ledger;
  ledger.promises = true;
  CHECK(Found(Activity("R-A", "R", Pays(2, "2025-01-01", "5", To("Q"))), ledger).Told() ==
        Texts{"R -> Q 5 EUR 2025-01-01 in R-A, committed"});
  const Found paid(
      Activity("R-A", "R", Pays(2, "2025-01-01", "5", To("Q")) + Pays(3, "2025-02-01", "2", To("Q"))),
      ledger);
  CHECK(paid.Told() == Texts{"R -> Q 2 EUR 2025-02-01 in R-A"});
  CHECK_THAT(paid.Refused().at(0), Catch::Contains("would count twice"));
}

TEST_CASE("a name without an id is the organisation that has it, or a party of its own") {
  const Found found(Activity("R-A", "R",
                             Pays(3, "2025-01-01", "5", Org("receiver-org", "", "", "Org Q")) +
                                 Pays(3, "2025-01-02", "6", Org("receiver-org", "", "", "Village")) +
                                 Pays(3, "2025-01-03", "7", Org("receiver-org", "", "", "Q"))) +
                    Activity("Q-B", "Q", ""));
  CHECK(found.Told() == Texts{"R -> Q 5 EUR 2025-01-01 in R-A", "R -> village 6 EUR 2025-01-02 in R-A",
                              "R -> Q 7 EUR 2025-01-03 in R-A"});
}

TEST_CASE("of many payments that look the same, each pairs with the one of the nearest day") {
  // One a day, told by both sides, two days apart; the payee tells them from the last to the first.
  std::string paid, received;
  for (int i = 0; i < 90; ++i) {
    const auto day = [](int at) {
      return absl::StrCat("2025-", at / 28 < 9 ? "0" : "", 1 + at / 28, "-", at % 28 < 9 ? "0" : "",
                          1 + at % 28);
    };
    paid += Pays(3, day(3 * i), "5", To("Q", "Q-B"));
    received += Pays(1, day(3 * (89 - i) + 1), "5", From("R", "R-A"));
  }
  const Found found(Activity("R-A", "R", paid) + Activity("Q-B", "Q", received));
  CHECK(found.payments.told_twice == 90);
  CHECK(found.Told().size() == 90);
  CHECK(found.Refused() == Texts{});
}

TEST_CASE("two names from which the same id is made are two parties, in the file and beside the ledger's") {
  const auto pays = [](const std::string& name) {
    return Pays(3, "2025-01-01", "5", Org("receiver-org", "", "", name));
  };
  const Found two(Activity("R-A", "R", pays("Aid, North") + pays("AID North") + pays("Aid, North")));
  REQUIRE(two.payments.payments.size() == 3);
  CHECK(two.payments.payments[0].to == "aid-north");
  CHECK_THAT(two.payments.payments[1].to, Catch::StartsWith("aid-north-"));
  CHECK(two.payments.payments[2].to == "aid-north");
  Surroundings ledger;
  ledger.name_of = [](const std::string& id) { return id == "aid-north" ? "Aid North Ltd" : ""; };
  CHECK_THAT(Found(Activity("R-A", "R", pays("Aid, North")), ledger).payments.payments[0].to,
             Catch::StartsWith("aid-north-"));
  ledger.name_of = [](const std::string& id) { return id == "aid-north" ? "Aid, North" : ""; };
  CHECK(Found(Activity("R-A", "R", pays("Aid, North")), ledger).payments.payments[0].to == "aid-north");
}

TEST_CASE("a party that the ledger has stays known, whatever else it is called in the file") {
  Surroundings ledger;
  ledger.party_of = [](const Organisation& organisation) {
    return organisation.ref == "XX-Q" ? std::string("Q") : std::string();
  };
  const Found found(
      Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("XX-Q")) + Pays(3, "2025-01-02", "6", To("Q"))),
      ledger);
  CHECK(found.payments.parties.at("Q").known);
}

TEST_CASE("no two activities are one project, whatever ids they have") {
  const Found found(Activity("R-A/1", "R", Pays(3, "2025-01-01", "5", To("Q"))) +
                    Activity("R-A 1", "R", Pays(3, "2025-01-02", "6", To("Q"))));
  REQUIRE(found.payments.payments.size() == 2);
  CHECK(found.payments.payments[0].project == ProjectId("R-A/1"));
  CHECK(found.payments.payments[1].project == ProjectId("R-A 1"));
  CHECK(ProjectId("R-A/1") != ProjectId("R-A 1"));
  const std::string own = "xmlns:ft='https://fundtrail.org/ns/iati' ft:id='wells'";
  std::string text = Activity("R-A", "R", Pays(3, "2025-01-01", "5", To("Q"))) +
                     Activity("R-B", "R", Pays(3, "2025-01-02", "6", To("Q")));
  for (std::size_t at = 0; (at = text.find("<iati-activity ", at)) != std::string::npos; at += 20)
    text.insert(at + 15, own + " ");
  const Found same(text);
  REQUIRE(same.payments.payments.size() == 2);
  CHECK(same.payments.payments[0].project == "wells");
  CHECK(same.payments.payments[1].project != "wells");
}

TEST_CASE("all remarks are counted, and the first of each kind are kept") {
  std::string paid;
  for (std::size_t i = 0; i < Remarks::kMaxKept + 5; ++i) paid += Pays(4, "2025-01-01", "5", "");
  const Found found(Activity("X-A", "R", paid));
  CHECK(found.payments.remarks.CountOf(RemarkKind::kUnnamedPayee) == Remarks::kMaxKept + 5);
  CHECK(found.payments.remarks.KeptOf(RemarkKind::kUnnamedPayee).size() == Remarks::kMaxKept);
  CHECK(found.payments.remarks.KeptOf(RemarkKind::kUnnamedPayee).front().line == 2);
  CHECK(found.payments.remarks.CountOf(RemarkKind::kOwnId) == 1);
}

TEST_CASE("only files of activities of version 2 are read") {
  for (const char* version : {"2.0", "2.04", "2.03b", ""})
    CHECK_FALSE(ReadActivities(absl::StrCat("<iati-activities version='", version, "'/>")).ok());
  for (const char* version : {"2.01", "2.02", "2.03"})
    CHECK(ReadActivities(absl::StrCat("<iati-activities version='", version, "'/>")).ok());
  CHECK_THAT(std::string(ReadActivities("<iati-organisations version='2.03'/>").status().message()),
             Catch::Contains("is not <iati-activities>"));
  CHECK_THAT(std::string(ReadActivities("<iati-activities version='1.05'/>").status().message()),
             Catch::Contains("version \"1.05\""));
}

TEST_CASE("tables have what the activities say, and the line of each row") {
  const Found found(
      Activity("R-A", "R", "") +
      Activity(
          "R-B", "R",
          "<participating-org ref='F' type='60' role='1'><narrative>Fund</narrative></participating-org>"
          "<participating-org ref='I' type='22' role='4'><narrative>Doer</narrative></participating-org>"
          "<activity-date iso-date='2025-01-01' type='1'/><activity-date iso-date='2025-02-01' type='2'/>"
          "<budget type='1'><period-start iso-date='2025-01-01'/><period-end iso-date='2025-12-31'/>"
          "<value>90</value></budget>"
          "<budget type='2'><period-start iso-date='2025-01-01'/><period-end iso-date='2025-12-31'/>"
          "<value>100.5</value></budget><related-activity ref='R-A' type='1'/>\n" +
              Pays(1, "2025-03-01", "10", From("F")) + Pays(4, "2025-03-02", "4", To("V"))));
  const Tables tables = MakeTables(found.payments, {});
  std::map<std::string, std::string> texts;
  for (const auto& [name, sheet] : tables.registers) texts[name] = sheet.text;
  CHECK(texts["asset"] == "code,name,decimals\nEUR,EUR,2\n");
  CHECK(texts["programme"] == "id,name,owner,from,until\nR-A,T,R,,\n");
  CHECK(texts["project"] ==
        "id,name,programme,owner,implementer,from,until,asset,budget,places,categories,targets\n"
        "R-B,T,R-A,R,I,2025-02-01,,EUR,100.50,,,\"carried out, as its IATI activity says=1\"\n");
  CHECK_THAT(texts["party"], Catch::Contains("F,Fund,FOUNDATION,SOURCE,,iati=F\n") &&
                                 Catch::Contains("R,Org R,GOVERNMENT,HOLDER,,iati=R\n") &&
                                 Catch::Contains("V,V,,RECIPIENT,yes,iati=V\n"));
  CHECK_THAT(texts["duty"], Catch::Contains(",R,F,FUND,,R-B\n") && Catch::Contains(",R,I,IMPLEMENT,,R-B\n"));
  CHECK(tables.payments.lines.size() == 2);
  CHECK_THAT(tables.payments.text, Catch::Contains("2025-03-01,F,R,10,EUR,,R-B,,,R-B#1,"));
}

}  // namespace
}  // namespace fundtrail::iati
