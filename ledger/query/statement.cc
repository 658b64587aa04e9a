// See statement.h.
#include "ledger/query/statement.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/query/item_names.h"
#include "ledger/query/joins.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_accounts.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/records.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/role_ends.h"

namespace fundtrail::query {
namespace {

// Of all below a party, and of a programme.
constexpr std::size_t kMaxPartiesStated = 1'000, kMaxAccountsStated = 100'000;

Status TooManyAccounts() {
  return absl::ResourceExhaustedError(
      absl::StrCat("more than ", kMaxAccountsStated, " accounts would be stated: ask for a part of them"));
}

// What a request for statements says.
struct StatementQuestion {
  std::string party;
  std::string fund;                    // empty: all
  std::optional<Date> from, to;        // value date, both included
  std::optional<std::uint64_t> as_of;  // as the ledger stood after that record; else now
  bool joined = false;                 // with those that are joined with the party
  bool below = false;                  // with all below it
  std::string programme;               // empty: whatever the project
  std::string project;                 // likewise

  bool IsOfProjects() const { return !programme.empty() || !project.empty(); }
};

StatusOr<StatementQuestion> QuestionOf(const v1::StatementRequest& request) {
  StatementQuestion question;
  question.party = request.party();
  question.fund = request.fund();
  FT_ASSIGN_OR_RETURN(question.from, Day("from", request.from()));
  FT_ASSIGN_OR_RETURN(question.to, Day("to", request.to()));
  if (request.has_as_of()) question.as_of = request.as_of();
  question.joined = request.joined();
  question.below = request.below();
  question.programme = request.programme();
  question.project = request.project();
  if (question.joined && (question.below || question.IsOfProjects()))
    return absl::InvalidArgumentError(
        "joined: it goes with one party, and not with those below it, a programme or a project");
  if (!question.programme.empty() && !question.project.empty())
    return absl::InvalidArgumentError("project: it does not go with a programme");
  if (question.below && question.party.empty()) return absl::InvalidArgumentError("below: it needs a party");
  return question;
}

std::string DayText(const std::optional<Date>& day) {
  return day.has_value() ? fundtrail::ToString(*day) : "";
}

// What a page token says: behind which line of which account. Only as it is written here.
struct LastLine {
  model::AccountNumber account;
  Movement::Place place;
};
std::string ToText(const LastLine& last) {
  return absl::StrCat(last.account.value(), ":", model::RefText(last.place.first), ":",
                      last.place.second ? "in" : "out");
}
std::optional<LastLine> ParseLastLine(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  std::uint64_t account = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &account)) return std::nullopt;
  const auto ref = model::ParseRef(parts[1]);
  if (!ref.ok()) return std::nullopt;
  const LastLine last{model::AccountNumber(account), {*ref, parts[2] == "in"}};
  if (ToText(last) != text) return std::nullopt;
  return last;
}

// Goes through the accounts, and in each through its movements. Between pages it keeps where it stands and what the
// account holds there.
class StatementWalk {
 public:
  StatementWalk(const View& view, const StatementQuestion& question, Joins joins,
                std::vector<model::AccountNumber> accounts, std::uint64_t bodies)
      : view_(Then(view, question.as_of)),
        question_(question),
        token_{"statement",
               question.party,
               question.fund,
               DayText(question.from),
               DayText(question.to),
               question.joined  ? "joined"
               : question.below ? "below"
                                : "",
               question.project.empty() ? question.programme : "/" + question.project},  // no id has a slash
        joins_(std::move(joins)),
        accounts_(std::move(accounts)),
        bodies_(bodies) {
    if (question.below || question.IsOfProjects()) within_.insert(accounts_.begin(), accounts_.end());
  }

  // Goes on behind the line that the page token names, once, before all else. What is held there is summed up.
  Status Begin(const std::string& after) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(after));
    const auto last = ParseLastLine(place);
    if (!last.has_value()) return token_.Refused(after);
    const auto account = std::find(accounts_.begin(), accounts_.end(), last->account);
    if (account == accounts_.end()) return token_.Refused(after);
    at_ = static_cast<std::size_t>(account - accounts_.begin());
    FT_RETURN_IF_ERROR(Open(last->place));
    if (last_ != last->place) return token_.Refused(after);
    shown_ = true;
    place_ = place;
    return absl::OkStatus();
  }

  StatusOr<std::optional<std::string>> Fill(v1::StatementAnswer* page, PageBudget* budget) {
    auto next = FillPage(page, budget);
    lines_.ForgetRecords();  // until the next page it may be long
    return next;
  }

 private:
  StatusOr<std::optional<std::string>> FillPage(v1::StatementAnswer* page, PageBudget* budget) {
    if (question_.as_of.has_value()) page->set_as_of_record(*question_.as_of);
    if (!begun_ && !joins_.empty()) {
      const auto together = joins_.Together(question_.party);
      FT_RETURN_IF_ERROR(joins_.Say(view_, question_.as_of, {together.begin(), together.end()}, page));
      budget->TakeBytes(page->ByteSizeLong());
    }
    if (!begun_) page->set_bodies(bodies_);
    begun_ = true;
    for (; at_ < accounts_.size(); ++at_, open_ = false) {
      if (!open_) FT_RETURN_IF_ERROR(Open(std::nullopt));
      if (!there_) continue;
      v1::Statement* statement = nullptr;
      const auto take = [&](const Movement& movement) -> StatusOr<bool> {
        if (!InPeriod(movement)) return true;
        if (budget->full()) return false;
        if (statement == nullptr) FT_RETURN_IF_ERROR(Start(page, budget, &statement));
        FT_ASSIGN_OR_RETURN(const auto transfer, lines_.Get(movement.ref));
        FT_RETURN_IF_ERROR(AddLine(movement, transfer, statement, budget));
        return true;
      };
      FT_ASSIGN_OR_RETURN(const bool end,
                          EachMovement(view_, accounts_[at_], {last_, question_.as_of}, take));
      if (!end || (!shown_ && budget->full())) return std::optional(token_.At(place_));
      if (!shown_) FT_RETURN_IF_ERROR(Start(page, budget, &statement));
    }
    return std::optional<std::string>();
  }

  bool InPeriod(const Movement& movement) const {
    return !(question_.to.has_value() && movement.row.date > *question_.to) &&
           !(question_.from.has_value() && movement.row.date < *question_.from);
  }

  // The account at `at_`: what it held before the period, and until and with the line at `last`, and whether that is
  // one. What is before the period may stand behind it in the log, so all of it is looked through.
  Status Open(const std::optional<Movement::Place>& last) {
    FT_ASSIGN_OR_RETURN(account_, DescribeAccount(view_, accounts_[at_]));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(view_, account_.party()));
    lies_ = EndByRole(party);
    held_ = 0;
    last_.reset();
    shown_ = there_ = false;
    open_ = true;
    const auto take = [&](const Movement& movement) -> StatusOr<bool> {
      there_ = true;
      if (!question_.from.has_value() && !last.has_value()) return false;  // there is nothing before
      const bool before = question_.from.has_value() && movement.row.date < *question_.from;
      const bool shown = last.has_value() && movement.place() <= *last && InPeriod(movement);
      if ((before || shown) && !AddTo(&held_, movement.change())) return TooMuch(movement);
      if (shown && movement.place() == *last) last_ = last;
      return true;
    };
    return EachMovement(view_, accounts_[at_], {{}, question_.as_of}, take).status();
  }

  // The account's part of a page, brought forward.
  Status Start(v1::StatementAnswer* page, PageBudget* budget, v1::Statement** statement) {
    *statement = page->add_statements();
    *(*statement)->mutable_account() = account_;
    (*statement)->set_held_before(held_);
    (*statement)->set_held_after(held_);
    (*statement)->set_lies(lies_);
    FT_ASSIGN_OR_RETURN(const std::size_t names, names_.Add(view_, account_, page->mutable_names()));
    budget->TakeBytes((*statement)->ByteSizeLong() + names);
    shown_ = true;
    return absl::OkStatus();
  }

  Status AddLine(const Movement& movement, const v1::TransferLine& transfer, v1::Statement* statement,
                 PageBudget* budget) {
    const std::int64_t amount = movement.row.amount.value();
    std::int64_t in = statement->total_in(), out = statement->total_out(), minted = statement->minted();
    if (!AddTo(&held_, movement.change()) || !AddTo(movement.incoming ? &in
                                                    : movement.mints  ? &minted
                                                                      : &out,
                                                    amount)) {
      return TooMuch(movement);
    }
    statement->set_total_in(in);
    statement->set_total_out(out);
    statement->set_minted(minted);
    statement->set_held_after(held_);
    // No more than the totals, which fit.
    if (movement.row.committed() && movement.incoming)
      statement->set_committed_in(statement->committed_in() + amount);
    if (movement.row.committed() && movement.mints)
      statement->set_committed_minted(statement->committed_minted() + amount);
    if (movement.row.committed() && !movement.incoming && !movement.mints)
      statement->set_committed_out(statement->committed_out() + amount);
    FT_ASSIGN_OR_RETURN(const bool within, IsWithin(movement));
    if (within && movement.incoming) statement->set_within_in(statement->within_in() + amount);
    if (within && movement.mints) statement->set_within_minted(statement->within_minted() + amount);
    if (within && !movement.incoming && !movement.mints)
      statement->set_within_out(statement->within_out() + amount);
    if (transfer.transfer().kind() == v1::TRANSFER_KIND_REVERSAL && !movement.incoming)
      statement->set_undone_in(statement->undone_in() + amount);
    if (transfer.transfer().kind() == v1::TRANSFER_KIND_REVERSAL && movement.incoming)
      statement->set_undone_out(statement->undone_out() + amount);
    auto* line = statement->add_lines();
    *line->mutable_ref() = transfer.ref();
    line->set_date(transfer.date());
    line->set_incoming(movement.incoming);
    line->set_other_party(movement.incoming ? transfer.transfer().from() : transfer.transfer().to());
    line->set_other_name(movement.incoming ? transfer.from_name() : transfer.to_name());
    line->set_amount(amount);
    line->set_held_after(held_);
    line->set_purpose(transfer.transfer().purpose());
    line->set_reference(transfer.transfer().reference());
    line->set_kind(transfer.transfer().kind());
    line->set_stage(transfer.transfer().stage());
    if (transfer.transfer().has_returns()) {
      model::SetRef(model::RefIn(movement.ref.record, transfer.transfer().returns()),
                    line->mutable_returns());
    }
    if (transfer.has_sent_back()) *line->mutable_sent_back() = transfer.sent_back();
    line->set_within(within);
    last_ = movement.place();
    place_ = ToText({accounts_[at_], *last_});
    budget->TakePart(line->ByteSizeLong());
    return absl::OkStatus();
  }

  // Whether the account on the other side is stated too.
  StatusOr<bool> IsWithin(const Movement& movement) const {
    if (within_.empty()) return false;
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, movement.ref));
    return within_.count(movement.incoming ? row.from : row.to) > 0;
  }

  const View view_;
  const StatementQuestion question_;
  const PageToken token_;
  const Joins joins_;
  const std::vector<model::AccountNumber> accounts_;
  // The same, where several parties, a programme or a project are stated.
  std::set<model::AccountNumber> within_;
  const std::uint64_t bodies_;  // that are asked about, where they are all below one
  bool begun_ = false;          // those that are joined were named
  std::string place_;           // of the last line, of whichever account
  ItemNames names_;
  LineReader lines_{view_};

  std::size_t at_ = 0;  // the account
  bool open_ = false;   // and the following are of it
  v1::Account account_;
  v1::EndKind lies_ = v1::END_KIND_HELD;
  bool there_ = false;                   // it had movements `as_of`
  bool shown_ = false;                   // it had its part of a page
  std::optional<Movement::Place> last_;  // its last line
  std::int64_t held_ = 0;                // with it
};

// The projects that are asked for.
StatusOr<std::vector<std::string>> ProjectsStated(const View& view, const StatementQuestion& question) {
  if (!question.project.empty()) {
    FT_RETURN_IF_ERROR(FindProject(view, question.project, question.as_of).status());
    return std::vector<std::string>{question.project};
  }
  const auto programme = ItemThen(view, v1::Action::kOpenProgramme, question.programme, question.as_of);
  if (!programme.ok()) return programme.status();
  if (!programme->has_value())
    return absl::NotFoundError(
        absl::StrCat("this ledger has no programme \"", Escaped(question.programme), "\""));
  std::vector<std::string> projects;
  FT_RETURN_IF_ERROR(
      EachItem(view, v1::Action::kProposeProject, question.as_of, [&](const v1::RegisterRow& row) {
        if (row.action().propose_project().programme() == question.programme)
          projects.push_back(row.action().propose_project().id());
        return absl::OkStatus();
      }));
  return projects;
}

// Those in the projects, by account; of the parties alone where a party is named.
StatusOr<std::vector<model::AccountNumber>> AccountsInProjects(const View& view,
                                                               const StatementQuestion& question,
                                                               const std::set<std::string>& parties) {
  FT_ASSIGN_OR_RETURN(const auto projects, ProjectsStated(view, question));
  // By party, fund, project and asset, as accounts of a party stand.
  std::map<std::array<std::string, 4>, model::AccountNumber> accounts;
  for (const std::string& project : projects) {
    FT_RETURN_IF_ERROR(EachAccountIn(
        view, project, [&](model::AccountNumber account, const v1::AccountName& name) -> Status {
          if (!question.party.empty() && parties.count(name.party()) == 0) return absl::OkStatus();
          if (!question.fund.empty() && name.fund() != question.fund) return absl::OkStatus();
          accounts.emplace(std::array{name.party(), name.fund(), name.project(), name.asset()}, account);
          return accounts.size() > kMaxAccountsStated ? TooManyAccounts() : absl::OkStatus();
        }));
  }
  std::vector<model::AccountNumber> sorted;
  sorted.reserve(accounts.size());
  for (const auto& [name, account] : accounts) sorted.push_back(account);
  return sorted;
}

// The party, those that are joined with it, or all that stand below it.
StatusOr<std::vector<std::string>> PartiesStated(const View& view, const StatementQuestion& question,
                                                 const Joins& joins) {
  if (question.party.empty() && question.IsOfProjects()) return std::vector<std::string>();
  if (!question.below) return joins.Together(question.party);
  FT_RETURN_IF_ERROR(FindParty(Then(view, question.as_of), question.party).status());
  // A party stays below the one that it was registered under.
  FT_ASSIGN_OR_RETURN(const auto ids, IdsBelow(view, v1::Action::kRegisterParty, question.party));
  std::vector<std::string> parties;
  for (const std::string& id : ids) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto there, ItemThen(view, v1::Action::kRegisterParty, id, question.as_of));
    if (there.has_value()) parties.push_back(id);
    if (parties.size() > kMaxPartiesStated)
      return absl::ResourceExhaustedError(absl::StrCat("below: more than ", kMaxPartiesStated,
                                                       " parties are below it: ask for a part of them"));
  }
  return parties;
}

}  // namespace

StatusOr<Pages<v1::StatementAnswer>> Statement(const View& view, const v1::StatementRequest& request,
                                               const Paging& paging) {
  FT_ASSIGN_OR_RETURN(const StatementQuestion question, QuestionOf(request));
  FT_RETURN_IF_ERROR(CheckAsOf(view, question.as_of));
  FT_ASSIGN_OR_RETURN(Joins joins, Joins::Read(view, question.joined, question.as_of));
  std::vector<model::AccountNumber> accounts;
  FT_ASSIGN_OR_RETURN(const auto parties, PartiesStated(view, question, joins));
  for (const std::string& party : parties) {
    FT_ASSIGN_OR_RETURN(const auto its_own, AccountsAsked(view, party, question.fund));
    accounts.insert(accounts.end(), its_own.begin(), its_own.end());
    if (accounts.size() > kMaxAccountsStated) return TooManyAccounts();
  }
  if (question.IsOfProjects()) {
    if (!question.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, question.fund));
    FT_ASSIGN_OR_RETURN(accounts, AccountsInProjects(view, question, {parties.begin(), parties.end()}));
  }
  const auto walk = std::make_shared<StatementWalk>(view, question, std::move(joins), std::move(accounts),
                                                    question.below ? parties.size() : 0);
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  return Pages<v1::StatementAnswer>(view, paging, [walk](v1::StatementAnswer* page, PageBudget* budget) {
    return walk->Fill(page, budget);
  });
}

}  // namespace fundtrail::query
