// What of held money is frozen, kept and spendable: of small ledgers whose figures are known, and over random runs. In these the
// rules let exactly what is spendable be paid.
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/balance.h"
#include "ledger/query/project_money.h"
#include "tests/support/evaluations.h"
#include "tests/support/questions.h"
#include "tests/support/supply.h"

namespace fundtrail::testing {
namespace {

// "held 100 = frozen 0 + kept 30 + spendable 70": of the party's account in the project.
std::string PartsOf(const Court& court, const v1::BalanceRequest& request, const std::string& project = "") {
  const auto answer = Need(query::Balance(Need(query::MakeView(court.rows())), request));
  for (const v1::BalanceLine& line : answer.lines()) {
    if (line.account().project() != project) continue;
    std::string text = absl::StrCat("held ", line.held(), " = frozen ", line.frozen(), " + kept ",
                                    line.kept(), " + spendable ", line.spendable());
    if (line.frozen_kept() != 0) absl::StrAppend(&text, ", kept once lifted ", line.frozen_kept());
    return line.has_spendable() && line.has_frozen() ? text : absl::StrCat("not said: ", line.held());
  }
  return "no account";
}

TEST_CASE(
    "a verdict over a project or its programme freezes all that a holder has in it, until it is lifted") {
  Court court;
  Need(court.Do({In("lunches", Pay("donor", "ministry", 100)), In("roofs", Pay("donor", "ministry", 60)),
                 Pay("donor", "ministry", 7)}));
  Need(court.Do({CommitOf("l", "ministry", 30, "lunches"), CommitOf("r", "ministry", 20, "roofs")}));
  const auto ministry = BalanceOf("ministry");
  CHECK(PartsOf(court, ministry) == "held 7 = frozen 0 + kept 0 + spendable 7");
  CHECK(PartsOf(court, ministry, "lunches") == "held 100 = frozen 0 + kept 30 + spendable 70");
  CHECK(PartsOf(court, ministry, "roofs") == "held 60 = frozen 0 + kept 20 + spendable 40");
  const std::uint64_t before = court.size() - 1;
  Need(court.Judge(Evaluation("stop", "check", "lunches", v1::Evaluate::VERDICT_SUSPEND)));
  Need(court.Judge(OfProgramme("schools", Evaluation("late", "check", "", v1::Evaluate::VERDICT_IMPROVE))));
  CHECK(PartsOf(court, ministry) == "held 7 = frozen 0 + kept 0 + spendable 7");
  CHECK(PartsOf(court, ministry, "lunches") ==
        "held 100 = frozen 100 + kept 0 + spendable 0, kept once lifted 30");
  CHECK(PartsOf(court, ministry, "roofs") == "held 60 = frozen 0 + kept 20 + spendable 40");
  CHECK(PartsOf(court, AsOfRecord(ministry, before), "lunches") ==
        "held 100 = frozen 0 + kept 30 + spendable 70");
  // No record says that what was to be improved by 2026-03-31 is late: the day of the last record does.
  court.OnDay(31);
  Need(court.Do({Party("new", "root")}));
  CHECK(PartsOf(court, ministry, "roofs") ==
        "held 60 = frozen 60 + kept 0 + spendable 0, kept once lifted 20");
  Need(court.Judge(Evaluation("go", "check", "lunches", v1::Evaluate::VERDICT_CONTINUE, {"stop"})));
  CHECK(PartsOf(court, ministry, "lunches") == "held 100 = frozen 0 + kept 30 + spendable 70");
  // What is withdrawn is frozen, and nothing in it is committed any more.
  Need(court.Judge(Evaluation("end", "check", "lunches", v1::Evaluate::VERDICT_WITHDRAW)));
  CHECK(PartsOf(court, ministry, "lunches") == "held 100 = frozen 100 + kept 0 + spendable 0");
}

TEST_CASE("of what a source or a recipient has, and by value dates, no part is said") {
  Court court;
  Need(court.Do({In("lunches", Pay("donor", "ministry", 100))}));
  Need(court.Do({In("lunches", Pay("ministry", "village", 40, v1::TRANSFER_KIND_DISBURSEMENT))}));
  Need(court.Judge(Evaluation("stop", "check", "lunches", v1::Evaluate::VERDICT_SUSPEND)));
  CHECK(PartsOf(court, BalanceOf("village"), "lunches") == "not said: 40");
  CHECK(PartsOf(court, BalanceOf("donor"), "lunches") == "not said: 0");
  CHECK(PartsOf(court, AsOfDate(BalanceOf("ministry"), "2026-03-31"), "lunches") == "not said: 60");
}

TEST_CASE("the money of a project says the strictest verdict, that over its programme too") {
  Court court;
  const auto told = [&](const std::string& project, const std::string& on = "",
                        std::optional<std::uint64_t> as_of = std::nullopt) {
    v1::ProjectMoneyRequest request;
    request.set_project(project);
    request.set_on(on);
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = Need(query::ProjectMoney(Need(query::MakeView(court.rows())), request));
    if (!answer.has_verdict()) return std::string("none");
    const v1::ProjectVerdict& verdict = answer.verdict();
    CHECK(verdict.group_name() == "Party " + verdict.group());
    return absl::StrCat(model::WordOf(verdict.counts_as()), " ", verdict.evaluation(), " by ",
                        verdict.group(), " in ", verdict.record(),
                        verdict.programme().empty() ? "" : " over " + verdict.programme(),
                        verdict.frozen() ? ", frozen" : "");
  };
  CHECK(told("roofs") == "none");
  const std::uint64_t first = court.size();
  Need(court.Judge(
      ValidUntil("2026-06-30", Evaluation("own", "check", "roofs", v1::Evaluate::VERDICT_CONTINUE))));
  CHECK(told("roofs") == absl::StrCat("CONTINUE own by check in ", first));
  const std::uint64_t second = court.size();
  Need(court.Judge(OfProgramme("schools", Evaluation("all", "office", "", v1::Evaluate::VERDICT_IMPROVE))));
  CHECK(told("roofs") == absl::StrCat("IMPROVE all by office in ", second, " over schools"));
  CHECK(told("roofs", "2026-04-01") ==
        absl::StrCat("SUSPEND all by office in ", second, " over schools, frozen"));
  CHECK(told("roofs", "", first) == absl::StrCat("CONTINUE own by check in ", first));
  // Of two that are as strict, the project's own.
  const std::uint64_t third = court.size();
  Need(court.Judge(Evaluation("stop", "check", "roofs", v1::Evaluate::VERDICT_SUSPEND)));
  CHECK(told("roofs", "2026-04-01") == absl::StrCat("SUSPEND stop by check in ", third, ", frozen"));
  CHECK(told("lunches") == "none");
  Need(court.Judge(
      ValidUntil("2026-03-05", Evaluation("brief", "check", "lunches", v1::Evaluate::VERDICT_CONTINUE))));
  CHECK(told("lunches", "2026-03-06") == "none");
}

// --- random runs ---------------------------------------------------------------------------------------------

constexpr std::array<const char*, 3> kHolders = {"ministry", "county", "charity"};
constexpr std::array<const char*, 3> kPurses = {"", "lunches", "roofs"};

// Random entries, of which the rules refuse many, and what they come to in maps.
class PartsGame {
 public:
  explicit PartsGame(unsigned seed) : random_(seed) {}

  void Step() {
    switch (Below(10)) {
      case 0:
      case 1:
        return Pays("donor", Any(kHolders), Any(kPurses), 1 + Below(60));
      case 2:
      case 3:
        return Pays(Any(kHolders), Any(kHolders), Any(kPurses), 1 + Below(30));
      case 4:
      case 5:
        return Commits();
      case 6:
        return Below(2) == 0 ? Uses() : Releases();
      case 7:
        return Judges();
      case 8:
        return Lifts();
      default:
        return Waits();
    }
  }

  // What the balances say now, and what the rules say of it.
  void Look() {
    for (const std::string party : kHolders) {
      for (const v1::BalanceLine& line : Lines(BalanceOf(party))) LookAt(party, line);
    }
  }
  // As of a record that is gone by, the parts still add up.
  void LookBack() {
    const auto record = static_cast<std::uint64_t>(Below(static_cast<int>(court_.size())));
    for (const std::string party : kHolders)
      for (const v1::BalanceLine& line : Lines(AsOfRecord(BalanceOf(party), record))) {
        INFO(party << " as of " << record);
        AddsUp(line);
      }
  }

  // How often a line had such a part.
  int frozen = 0, kept = 0, spendable = 0, frozen_kept = 0;

 private:
  struct Purse {
    std::string party, project;
    auto operator<=>(const Purse&) const = default;
  };
  struct Commitment {
    Purse of;
    std::string until;
    std::int64_t left = 0;
    std::uint64_t record = 0;
  };

  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string Any(const std::array<const char*, 3>& of) { return of[static_cast<std::size_t>(Below(3))]; }
  std::string Today() const { return ToString(Date(Need(ParseDate("2026-03-01")).days() + day_)); }

  std::vector<v1::BalanceLine> Lines(const v1::BalanceRequest& request) const {
    const auto answer = Need(query::Balance(Need(query::MakeView(court_.rows())), request));
    return {answer.lines().begin(), answer.lines().end()};
  }

  std::string Paid(const std::string& from, const std::string& to, const std::string& project,
                   std::int64_t amount, const std::string& commitment = "") {
    const std::string verdict = Verdict(court_.Do({Using(commitment, In(project, Pay(from, to, amount)))}));
    if (verdict != "OK") return verdict;
    if (from != "donor") held_[{from, project}] -= amount;
    held_[{to, project}] += amount;
    return verdict;
  }
  void Pays(const std::string& from, const std::string& to, const std::string& project, std::int64_t amount) {
    if (from != to) Paid(from, to, project, amount);
  }

  void Commits() {
    Commitment made{{Any(kHolders), Any(kPurses)}, "", 1 + Below(20), court_.size()};
    if (Below(2) == 0) made.until = ToString(Date(Need(ParseDate(Today())).days() + 1 + Below(5)));
    const std::string id = absl::StrCat("c", made.record);
    v1::Action action = CommitOf(id, made.of.party, made.left, made.of.project);
    action.mutable_commit()->set_until(made.until);
    if (court_.Do({action}).ok()) commitments_.emplace(id, made);
  }
  // One that was made; null while there is none.
  std::pair<const std::string, Commitment>* AnyCommitment() {
    if (commitments_.empty()) return nullptr;
    auto at = commitments_.begin();
    std::advance(at, Below(static_cast<int>(commitments_.size())));
    return &*at;
  }
  void Uses() {
    auto* const one = AnyCommitment();
    if (one == nullptr) return;
    const std::int64_t amount = 1 + Below(15);
    const std::string to = one->second.of.party == "county" ? "charity" : "county";
    if (Paid(one->second.of.party, to, one->second.of.project, amount, one->first) == "OK")
      one->second.left -= amount;
  }
  void Releases() {
    auto* const one = AnyCommitment();
    if (one != nullptr && court_.Do({End("commitment", one->first, one->second.record)}).ok())
      one->second.left = 0;
  }
  std::int64_t KeptOf(const Purse& purse) const {
    std::int64_t sum = 0;
    for (const auto& [id, one] : commitments_)
      if (one.of == purse && (one.until.empty() || one.until >= Today())) sum += one.left;
    return sum;
  }

  v1::Action Judging(const std::string& subject, const std::string& group, v1::Evaluate::Verdict verdict) {
    v1::Action action = Evaluation(absl::StrCat("e", court_.size()), group, subject, verdict);
    return subject == "schools" ? OfProgramme(subject, std::move(action)) : action;
  }
  void Judges() {
    constexpr std::array kVerdicts = {v1::Evaluate::VERDICT_CONTINUE, v1::Evaluate::VERDICT_IMPROVE,
                                      v1::Evaluate::VERDICT_SUSPEND, v1::Evaluate::VERDICT_SUSPEND,
                                      v1::Evaluate::VERDICT_WITHDRAW};
    const std::string subject = Any({"lunches", "roofs", "schools"});
    const auto verdict = kVerdicts[static_cast<std::size_t>(Below(5))];
    v1::Action action = Judging(subject, Below(2) == 0 ? "check" : "office", verdict);
    const std::string id = action.evaluate().id();
    if (!court_.Judge(action).ok()) return;
    if (verdict != v1::Evaluate::VERDICT_CONTINUE) judged_[subject].push_back(id);
    if (verdict != v1::Evaluate::VERDICT_WITHDRAW) return;
    for (auto& [name, one] : commitments_)
      if (one.of.project == subject) one.left = 0;
  }
  // The office lifts all that was ever said over something.
  void Lifts() {
    const std::string subject = Any({"lunches", "roofs", "schools"});
    v1::Action action = Judging(subject, "office", v1::Evaluate::VERDICT_CONTINUE);
    for (const std::string& id : judged_[subject]) action.mutable_evaluate()->add_lifts(id);
    if (court_.Judge(action).ok()) judged_[subject].clear();
  }
  // A record of the new day is there, of which balances are.
  void Waits() {
    court_.OnDay(day_ += 1 + Below(3));
    Need(court_.Do({Party(absl::StrCat("p", court_.size()), "root")}));
  }

  static void AddsUp(const v1::BalanceLine& line) {
    REQUIRE(line.has_frozen());
    REQUIRE(line.has_spendable());
    REQUIRE(std::min({line.frozen(), line.kept(), line.spendable(), line.frozen_kept()}) >= 0);
    REQUIRE(line.frozen() + line.kept() + line.spendable() == line.held());
    REQUIRE(line.frozen_kept() <= line.frozen());
  }

  void LookAt(const std::string& party, const v1::BalanceLine& line) {
    const Purse purse{party, line.account().project()};
    INFO(party << " in " << purse.project << " on " << Today() << ": " << line.ShortDebugString());
    AddsUp(line);
    REQUIRE(line.held() == held_[purse]);
    REQUIRE(line.kept() + line.frozen_kept() == KeptOf(purse));
    frozen += line.frozen() > 0 ? 1 : 0;
    kept += line.kept() > 0 ? 1 : 0;
    spendable += line.spendable() > 0 ? 1 : 0;
    frozen_kept += line.frozen_kept() > 0 ? 1 : 0;
    const std::string to = party == "ministry" ? "county" : "ministry";
    if (line.held() > 0) {
      // Whoever holds nothing is told first that the project is stopped, where it is.
      REQUIRE(Paid(party, to, purse.project, line.spendable() + 1) ==
              (line.frozen() > 0 ? "FUNDS_FROZEN at actions[0].transfer.project"
                                 : "INSUFFICIENT_FUNDS at actions[0].transfer.amount"));
    }
    if (line.spendable() == 0 || Below(8) != 0) return;
    REQUIRE(Paid(party, to, purse.project, line.spendable()) == "OK");
  }

  std::mt19937 random_;
  Court court_;
  int day_ = 0;
  std::map<Purse, std::int64_t> held_;
  std::map<std::string, Commitment> commitments_;
  std::map<std::string, std::vector<std::string>> judged_;
};

TEST_CASE("over random runs frozen, kept and spendable are what is held, and exactly the last can be paid") {
  for (const unsigned seed : {20'261'201U, 20'261'202U}) {
    INFO("seed " << seed);
    PartsGame game(seed);
    for (int step = 0; step < 200; ++step) {
      game.Step();
      game.Look();
    }
    for (int i = 0; i < 20; ++i) game.LookBack();
    // Else the run has not met what it is for.
    CHECK(game.frozen > 0);
    CHECK(game.kept > 0);
    CHECK(game.spendable > 0);
    CHECK(game.frozen_kept > 0);
  }
}

}  // namespace
}  // namespace fundtrail::testing
