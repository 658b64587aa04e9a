// What is exported as IATI and imported into another ledger: the same transfers, from the same receipts, on ledgers on which payments,
// moves and returns were made at random. And the places, categories and targets of a project.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/iati/write.h"
#include "ledger/intake/iati_import.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/list.h"
#include "ledger/query/project_money.h"
#include "ledger/query/registers.h"
#include "ledger/store/memory.h"
#include "ledger/tables/activities.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

using Texts = std::vector<std::string>;

// Two places and a category that both ledgers have, and who may approve.
struct Books {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Books() {
    Must({Place("cn"), Place("gbt2260:5205", "cn", 2), Category("EDU"), Party("auditor", "root"),
          Fund("school", "root")});
  }
  Status Do(const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ledger->size() + 1'000, actions), {1}), clock.Read())
        .status();
  }
  std::uint64_t Must(const std::vector<v1::Action>& actions) {
    const Status done = Do(actions);
    INFO(done);
    REQUIRE(done.ok());
    return ledger->size() - 1;
  }
  query::View view() const { return Need(query::MakeView(ledger->store())); }

  std::string Iati() const {
    const query::View now = view();
    tables::Activities all;
    const auto each = [&](const char* of, const auto& take) {
      v1::RegistersRequest request;
      request.set_register_(of);
      const auto answer = Need(Whole(query::Registers(now, request, {})));
      for (const auto& line : answer.lines()) take(line);
    };
    std::vector<std::string> projects;
    each("party", [&](const v1::RegisterLine& line) { all.TakeParty(line); });
    each("place", [&](const v1::RegisterLine& line) { all.TakePlace(line); });
    each("category", [&](const v1::RegisterLine& line) { all.TakeCategory(line); });
    each("programme", [&](const v1::RegisterLine& line) { all.TakeProgramme(line); });
    each("project", [&](const v1::RegisterLine& line) {
      all.TakeProject(line);
      projects.push_back(line.action().propose_project().id());
    });
    for (const std::string& project : projects) {
      v1::ProjectMoneyRequest request;
      request.set_project(project);
      const auto answer = Need(query::ProjectMoney(now, request));
      for (const auto& result : answer.results()) all.TakeResult(project, result);
    }
    const auto list = Need(Whole(query::List(now, {}, {})));
    for (const auto& line : list.transfers()) all.TakeTransfer(line);
    CHECK(all.left_out().exchanges + all.left_out().fund_moves == 0);
    std::string text = iati::FileBegin("2026-03-01");
    for (const iati::Activity& activity : all.Finish("2026-03-01")) text += iati::ActivityText(activity);
    return text + iati::FileEnd();
  }

  // Each transfer: between which accounts, how much, and the positions that it moved. What a body pays itself into a project comes in as
  // a move.
  Texts Transfers() const {
    Texts texts;
    const query::View now = view();
    const auto list = Need(Whole(query::List(now, {}, {})));
    for (const auto& line : list.transfers()) {
      const v1::Transfer& of = line.transfer();
      const bool back = of.kind() == v1::TRANSFER_KIND_RETURN || of.kind() == v1::TRANSFER_KIND_REVERSAL;
      texts.push_back(
          absl::StrCat(of.from(), " > ", of.to(), " ", of.amount(), " ", of.fund(), " ", of.project(), " ",
                       back                   ? "back"
                       : of.from() == of.to() ? "own"
                                              : model::WordOf(of.kind()),
                       " ", model::WordOf(of.stage()), " ", line.date(), " ", Text(line.outcome())));
    }
    return texts;
  }
};

// What the import says, and what it refused.
Texts Import(const std::string& text, Books* into) {
  Texts refused;
  Watched target(into->ledger.get());
  const crypto::SigningKey key = Key(1);
  intake::IatiOptions options;
  options.author = "root";
  options.approve_by = "auditor";
  options.key = &key;
  options.date = Need(ParseDate("2026-03-01"));
  options.promises = true;
  options.results = true;
  const intake::IatiPlan plan = Need(intake::PlanIati(target, text, options));
  const auto summary =
      Need(intake::ImportIati(&target, "out.xml", crypto::Sha256(text), plan, options,
                              [&](const std::string& table, const std::vector<std::string>&,
                                  const sheets::RawRow& row, const std::string& reason) {
                                refused.push_back(absl::StrCat(table, " ", row.line, ": ", reason));
                                return absl::OkStatus();
                              }));
  for (const std::string& waits : summary.waiting) refused.push_back("waits: " + waits);
  return refused;
}

// Payments out of and into two projects, moves between them, and what sends back any of these, once and again.
void Play(std::uint64_t seed, Books* books) {
  std::mt19937_64 random(seed);
  const std::uint64_t made = books->Must({Project("wells", "ministry"), Project("roofs", "ministry")});
  books->Must({Decide("wells", made), Decide("roofs", made), Party("county", "root")});
  const Texts players = {"donor", "ministry", "county", "village"};
  const Texts projects = {"", "wells", "roofs"};
  const auto any = [&](const Texts& of) { return of[random() % of.size()]; };
  std::vector<std::pair<v1::TransferRef, v1::Transfer>> paid;
  for (int i = 0; i < 120; ++i) {
    const auto amount = static_cast<std::int64_t>(1 + random() % 40);
    v1::Action action;
    if (!paid.empty() && random() % 3 == 0) {
      const auto& [ref, of] = paid[random() % paid.size()];
      action = Returning(Pay(of.to(), of.from(), amount), ref,
                         random() % 2 == 0 ? v1::TRANSFER_KIND_RETURN : v1::TRANSFER_KIND_REVERSAL);
      action.mutable_transfer()->set_fund(of.fund());
      action.mutable_transfer()->set_asset(of.asset());
      // It goes out of where it lies; the rules refuse any other.
      action.mutable_transfer()->set_project(any(projects));
      action.mutable_transfer()->set_stage(of.stage());
    } else if (random() % 8 == 0) {
      action = Move(any({"ministry", "county"}), amount);
      const std::string from = any(projects), to = any(projects);
      action = to.empty() ? ToGeneral(In(from, action)) : Into(to, In(from, action));
    } else {
      const std::string from = any({"donor", "donor", "ministry", "county"});
      const std::string to = any(players);
      action = Pay(from, to, amount,
                   from == "donor"   ? v1::TRANSFER_KIND_DONATION
                   : to == "village" ? v1::TRANSFER_KIND_DISBURSEMENT
                                     : v1::TRANSFER_KIND_ALLOCATION);
      const std::string project = any(projects);
      if (random() % 3 == 0 && !project.empty() && from != "donor") {
        action = Into(project, action);
      } else {
        action = In(project, action);
      }
      if (random() % 7 == 0) action = Committed(action);
      if (random() % 5 == 0 && !paid.empty()) {
        const auto& [ref, of] = paid[random() % paid.size()];
        action = Drawing(action, {ref});
      }
      if (random() % 4 == 0) action.mutable_transfer()->set_fund("school");
    }
    if (!books->Do({action}).ok()) continue;
    paid.emplace_back(Ref(books->ledger->size() - 1), action.transfer());
  }
}

TEST_CASE("payments and returns at random, out as IATI and in again, are the same books") {
  const std::uint64_t seed = GENERATE(take(25, random(1, 1'000'000)));
  INFO("seed " << seed);
  Books first, second;
  Play(seed, &first);
  const Texts transfers = first.Transfers();
  REQUIRE(transfers.size() > 20);
  const std::string text = first.Iati();
  second.Must({Party("county", "root")});
  CHECK(Import(text, &second) == Texts{});
  CHECK(second.Transfers() == transfers);
  // And once more.
  Books third;
  third.Must({Party("county", "root")});
  CHECK(Import(second.Iati(), &third) == Texts{});
  CHECK(third.Transfers() == transfers);
}

TEST_CASE("money is sent back against the receipt that the file names, and not the latest one") {
  Books first, second;
  first.Must({Pay("donor", "ministry", 50, v1::TRANSFER_KIND_DONATION)});
  const std::uint64_t earlier = first.Must({Pay("donor", "ministry", 70, v1::TRANSFER_KIND_DONATION)});
  first.Must({Pay("donor", "ministry", 90, v1::TRANSFER_KIND_DONATION)});
  const std::uint64_t back = first.Must({Returning(Pay("ministry", "donor", 30), Ref(earlier))});
  // The donor can pay what came back only by sending that back again.
  first.Must({Returning(Pay("donor", "ministry", 10), Ref(back))});
  CHECK(Import(first.Iati(), &second) == Texts{});
  CHECK(second.Transfers() == first.Transfers());
}

TEST_CASE("places, categories, targets and what was reached go out, and come in where the ledger has them") {
  Books first, second;
  v1::Action project =
      Where(Project("wells", "ministry"), {{"cn", 4'000}, {"gbt2260:5205", 6'000}}, {{"EDU", 0}});
  v1::Target& target = *project.mutable_propose_project()->mutable_targets(0);
  target.set_unit("pieces");
  target.set_baseline(7);
  target.set_across_periods(v1::Target::RULE_SUM);
  const std::uint64_t made = first.Must({project});
  first.Must({Decide("wells", made), Report("wells", "ministry", 120)});
  const std::string text = first.Iati();
  for (const char* const part :
       {"<recipient-country code=\"CN\" ft:percentage=\"40.00\" ft:id=\"cn\" ft:level=\"0\">",
        "<location ref=\"gbt2260:5205\" ft:id=\"gbt2260:5205\" ft:level=\"2\" ft:percentage=\"60.00\">",
        "<sector vocabulary=\"99\" code=\"EDU\" ft:id=\"EDU\">", "<baseline year=\"2026\" value=\"7\"/>",
        "<target value=\"400\"/>", "<actual value=\"120\"/>"}) {
    INFO(part << "\n" << text);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(Import(text, &second) == Texts{});
  const auto there = Need(books::GetItem(second.ledger->store(), v1::Action::kProposeProject, "wells"));
  REQUIRE(there.has_value());
  const v1::ProposeProject& read = there->action().propose_project();
  CHECK(read.places_size() == 2);
  CHECK(read.places(0).basis_points() == 4'000);
  CHECK(read.categories(0).category() == "EDU");
  CHECK(read.targets(0).SerializeAsString() == target.SerializeAsString());
  v1::ProjectMoneyRequest request;
  request.set_project("wells");
  const auto reached = Need(query::ProjectMoney(second.view(), request));
  REQUIRE(reached.results_size() == 1);
  CHECK(reached.results(0).reported() == 120);
  // A second run adds nothing.
  const std::uint64_t size = second.ledger->size();
  CHECK(Import(text, &second) == Texts{});
  CHECK(second.ledger->size() == size);
}

TEST_CASE("a place or a sector that the ledger does not have is left out and told, or a map names it") {
  Books books;
  const std::string text =
      "<iati-activities version='2.03'><iati-activity default-currency='CNY'>"
      "<iati-identifier>XX-1-wells</iati-identifier>"
      "<reporting-org ref='XX-1' type='22'><narrative>Wells for all</narrative></reporting-org>"
      "<title><narrative>Wells</narrative></title>"
      "<recipient-country code='ZZ' percentage='100'/>"
      "<sector code='11220' percentage='100'/>"
      "<result type='1'><indicator measure='1'><title><narrative>wells</narrative></title>"
      "<period><period-start iso-date='2025-01-01'/><period-end iso-date='2025-06-30'/><target "
      "value='5'/></period>"
      "<period><period-start iso-date='2025-07-01'/><period-end iso-date='2025-12-31'/><target "
      "value='9'/></period>"
      "</indicator><indicator measure='2'><title><narrative>share</narrative></title>"
      "<period><period-start iso-date='2025-01-01'/><period-end iso-date='2025-06-30'/><target "
      "value='4.5'/></period>"
      "</indicator><indicator measure='1'><title><narrative>accidents</narrative></title>"
      "<period><period-start iso-date='2025-01-01'/><period-end iso-date='2025-06-30'/><target "
      "value='0'/></period>"
      "</indicator></result></iati-activity></iati-activities>";
  Watched target(books.ledger.get());
  intake::IatiOptions options;
  options.author = "root";
  const auto plan = Need(intake::PlanIati(target, text, options));
  CHECK(plan.payments.remarks.CountOf(iati::RemarkKind::kUnknownPlace) == 1);
  CHECK(plan.payments.remarks.CountOf(iati::RemarkKind::kUnknownSector) == 1);
  CHECK(plan.payments.remarks.CountOf(iati::RemarkKind::kOddTarget) == 2);
  const iati::Place& place = plan.payments.places.begin()->second;
  CHECK(place.places.empty());
  REQUIRE(place.targets.size() == 1);
  CHECK(place.targets[0]->target == "9");

  options.names =
      Need(iati::ParseNameMap("[parties]\n\"XX-1\" = \"ministry\"\n[projects]\n\"XX-1-wells\" = "
                              "\"wells\"\n[places]\n\"ZZ\" = \"cn\"\n"
                              "[sectors]\n\"1:11220\" = \"EDU\"\n",
                              "own.toml"));
  const auto mapped = Need(intake::PlanIati(target, text, options));
  CHECK(mapped.payments.remarks.CountOf(iati::RemarkKind::kUnknownPlace) == 0);
  const iati::Place& there = mapped.payments.places.begin()->second;
  CHECK(there.id == "wells");
  REQUIRE(there.places.size() == 1);
  CHECK(there.places[0].id == "cn");
  CHECK(there.categories[0].id == "EDU");
  CHECK(mapped.payments.parties.contains("ministry"));
  CHECK(mapped.payments.parties.at("ministry").known);
}

TEST_CASE("two activities of a file are not one project, whatever a map says, and that is told") {
  Books books;
  std::string text = "<iati-activities version='2.03'>";
  for (const char* id : {"XX-1-a", "XX-1-b"})
    text +=
        absl::StrCat("<iati-activity><iati-identifier>", id, "</iati-identifier><reporting-org ref='XX-1'",
                     " type='22'><narrative>X</narrative></reporting-org></iati-activity>");
  text += "</iati-activities>";
  Watched target(books.ledger.get());
  intake::IatiOptions options;
  options.author = "root";
  const auto apart = Need(intake::PlanIati(target, text, options));
  CHECK(apart.payments.remarks.CountOf(iati::RemarkKind::kProjectTaken) == 0);
  options.names =
      Need(iati::ParseNameMap("[projects]\n\"XX-1-a\" = \"wells\"\n\"XX-1-b\" = \"wells\"\n", "own.toml"));
  const auto plan = Need(intake::PlanIati(target, text, options));
  CHECK(plan.payments.remarks.CountOf(iati::RemarkKind::kProjectTaken) == 1);
  REQUIRE(plan.payments.places.size() == 2);
  int wells = 0;
  for (const auto& [activity, place] : plan.payments.places) wells += place.id == "wells" ? 1 : 0;
  CHECK(wells == 1);
}

TEST_CASE("a map of names is refused where it says anything else") {
  const auto why = [](const std::string& text) {
    return std::string(iati::ParseNameMap(text, "own.toml").status().message());
  };
  CHECK(why("[parties]\n\"XX\" = 7\n") ==
        "own.toml line 2: the value of \"XX\" in [parties] must be an id in quotes");
  CHECK(why("[parties]\n\"XX\" = \"no id\"\n") ==
        "own.toml line 2: \"no id\" can be no id: an id has letters, digits and . _ : -");
  CHECK(why("[banks]\n") ==
        "own.toml line 1: \"banks\" is none of the tables of this map: [parties], [projects], [funds], "
        "[places], [sectors]");
}

}  // namespace
}  // namespace fundtrail::testing
