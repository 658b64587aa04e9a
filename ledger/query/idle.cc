// See idle.h.
#include "ledger/query/idle.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/query/held_parts.h"
#include "ledger/query/item_names.h"
#include "ledger/query/joins.h"
#include "ledger/query/kept_money.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

// The ends of the first three of HeldAges, in days.
constexpr int kQuarter = 90;
constexpr int kYear = 365;
constexpr int kTwoYears = 730;

// What is held of one account, of several of a party, or of an asset.
struct HeldSum {
  std::uint64_t parts = 0;     // accounts, or lines
  std::uint64_t left_out = 0;  // of them
  Wide held = 0, committed = 0, kept = 0;
  Wide under_90_days = 0, under_1_year = 0, under_2_years = 0, over_2_years = 0;
  std::optional<Date> oldest, newest;

  void Add(Date arrived, Date on, Amount amount, bool is_committed) {
    const int days = on.days() - arrived.days();
    Wide* const age = days < kQuarter    ? &under_90_days
                      : days < kYear     ? &under_1_year
                      : days < kTwoYears ? &under_2_years
                                         : &over_2_years;
    *age += amount.value();
    held += amount.value();
    if (is_committed) committed += amount.value();
    See(arrived, arrived);
  }
  void Add(const HeldSum& more) {
    held += more.held;
    committed += more.committed;
    kept += more.kept;
    under_90_days += more.under_90_days;
    under_1_year += more.under_1_year;
    under_2_years += more.under_2_years;
    over_2_years += more.over_2_years;
    See(*more.oldest, *more.newest);
  }

 private:
  void See(Date first, Date last) {
    oldest = oldest.has_value() ? std::min(*oldest, first) : first;
    newest = newest.has_value() ? std::max(*newest, last) : last;
  }
};

struct HeldLine {
  v1::Account account;
  HeldSum sum;
};

struct HeldQuestion {
  AsOfRecord as_of;
  std::string day;
  Date on;
  std::string party, fund, asset;
  bool by_party = false, by_oldest = false, joined = false;
  std::uint64_t top = 0;  // of each asset; 0: all
};

// Of an IdleLine or an IdleTotal. OUT_OF_RANGE when a sum does not fit in 63 bits.
template <typename Message>
Status SetHeld(const HeldSum& sum, Message* message) {
  // Every other sum is a part of it.
  if (sum.held > std::numeric_limits<std::int64_t>::max())
    return absl::OutOfRangeError("what is held is more than 63 bits can count: ask by fund or by account");
  message->set_held(static_cast<std::int64_t>(sum.held));
  message->set_committed(static_cast<std::int64_t>(sum.committed));
  message->set_kept(static_cast<std::int64_t>(sum.kept));
  v1::HeldAges* ages = message->mutable_ages();
  ages->set_under_90_days(static_cast<std::int64_t>(sum.under_90_days));
  ages->set_under_1_year(static_cast<std::int64_t>(sum.under_1_year));
  ages->set_under_2_years(static_cast<std::int64_t>(sum.under_2_years));
  ages->set_over_2_years(static_cast<std::int64_t>(sum.over_2_years));
  message->set_oldest(fundtrail::ToString(*sum.oldest));
  return absl::OkStatus();
}

class HeldReader {
 public:
  HeldReader(const View& view, const HeldQuestion& question, const Joins& joins)
      : view_(view),
        then_(Then(view, question.as_of)),
        question_(question),
        joins_(joins),
        parts_(view, question.as_of) {}

  StatusOr<std::vector<HeldLine>> Read() {
    if (question_.party.empty()) {
      FT_RETURN_IF_ERROR(ReadRange(keys::AllOf(keys::kAccountTag)));
    } else {
      for (const std::string& party : joins_.Together(question_.party))
        FT_RETURN_IF_ERROR(ReadRange(keys::AccountsOf(party)));
    }
    return std::move(lines_);
  }
  // After Read: the parties that hold something, and stand under another one.
  const std::set<std::string>& joined() const { return joined_; }

 private:
  Status ReadRange(const Bytes& range) {
    const auto cursor = view_.rows->Scan(range, store::PrefixEnd(range));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(cursor->key()));
      if (!question_.fund.empty() && name.fund != question_.fund) continue;
      if (!question_.asset.empty() && name.asset != question_.asset) continue;
      FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(cursor->key(), cursor->value()));
      FT_RETURN_IF_ERROR(AddAccount(AccountNumber(number), name));
    }
    return cursor->status();
  }

  // Accounts stand by party.
  StatusOr<bool> IsHolder(const std::string& party) {
    if (party == known_party_) return known_is_holder_;
    FT_ASSIGN_OR_RETURN(const auto found, NeedParty(then_, party));
    known_party_ = party;
    known_is_holder_ = found.role() == v1::ROLE_HOLDER;
    return known_is_holder_;
  }

  // `name` lies in a row of the cursor, which does not move meanwhile.
  Status AddAccount(AccountNumber account, const keys::NameOfAccount& name) {
    FT_ASSIGN_OR_RETURN(const bool holder, IsHolder(std::string(name.party)));
    if (!holder) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(view_, account, question_.as_of));
    if (held.is_zero()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(HeldSum sum, SumOf(account, held));
    FT_ASSIGN_OR_RETURN(const v1::Account* described, parts_.Describe(account));
    if (described->party() != name.party || described->fund() != name.fund ||
        described->project() != name.project || described->asset() != name.asset)
      return model::Damaged(keys::AccountName(account), "is not what the account's name says");
    FT_ASSIGN_OR_RETURN(HeldLine* const line, LineOf(*described));
    line->sum.Add(sum);
    ++line->sum.parts;
    return absl::OkStatus();
  }

  // Where what the account holds is told.
  StatusOr<HeldLine*> LineOf(const v1::Account& described) {
    HeldLine line{described, {}};
    if (question_.by_party) {
      line.account.clear_fund();
      line.account.clear_project();
    }
    const std::string& standing = joins_.StandingFor(described.party());
    if (standing != described.party()) {
      FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, standing));
      line.account.set_party(standing);
      line.account.set_party_name(party.name());
      joined_.insert(described.party());
    }
    // Apart, an account is a line of its own, and those of a party stand one after another.
    if (joins_.empty() && (lines_.empty() || lines_.back().account.party() != described.party()))
      known_lines_.clear();
    if (question_.by_party || !joins_.empty()) {
      const v1::Account& of = line.account;
      const auto [known, is_new] =
          known_lines_.try_emplace({of.party(), of.fund(), of.project(), of.asset()}, lines_.size());
      if (!is_new) return &lines_[known->second];
    }
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(HeldLine) + line.account.ByteSizeLong()));
    lines_.push_back(std::move(line));
    return &lines_.back();
  }

  StatusOr<HeldSum> SumOf(AccountNumber account, Amount held) {
    HeldSum sum;
    FT_RETURN_IF_ERROR(parts_.Each(account, held, [&](const HeldPart& part) -> Status {
      sum.Add(part.date, question_.on, part.amount, part.committed);
      return absl::OkStatus();
    }));
    FT_ASSIGN_OR_RETURN(const auto kept, KeptOfHeld(view_, account, question_.as_of, held));
    if (kept.has_value()) sum.kept = kept->value();
    return sum;
  }

  const View& view_;
  const View then_;
  const HeldQuestion& question_;
  const Joins& joins_;
  HeldParts parts_;
  std::string known_party_;
  bool known_is_holder_ = false;
  std::vector<HeldLine> lines_;
  // By party, fund, project and asset. Where nobody is joined, those of the last party alone.
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> known_lines_;
  std::set<std::string> joined_;
};

// Of which line, among all: the place in a token. No id has a slash.
std::string PlaceOfLine(const HeldLine& line) {
  const v1::Account& account = line.account;
  return absl::StrCat(account.asset(), "/", account.party(), "/", account.fund(), "/", account.project());
}

bool StandsBefore(const HeldLine& one, const HeldLine& other, bool by_oldest) {
  const v1::Account &of_one = one.account, &of_other = other.account;
  if (by_oldest && one.sum.oldest != other.sum.oldest) return *one.sum.oldest < *other.sum.oldest;
  if (of_one.asset() != of_other.asset()) return of_one.asset() < of_other.asset();
  if (one.sum.held != other.sum.held) return one.sum.held > other.sum.held;
  return std::tie(of_one.party(), of_one.fund(), of_one.project()) <
         std::tie(of_other.party(), of_other.fund(), of_other.project());
}

class HeldWalk {
 public:
  HeldWalk(const View& view, HeldQuestion question, PageToken token)
      : view_(view),
        then_(Then(view, question.as_of)),
        question_(std::move(question)),
        token_(std::move(token)) {}

  Status Read() {
    FT_ASSIGN_OR_RETURN(joins_, Joins::Read(view_, question_.joined, question_.as_of));
    HeldReader reader(view_, question_, joins_);
    FT_ASSIGN_OR_RETURN(lines_, reader.Read());
    joined_ = reader.joined();
    std::sort(lines_.begin(), lines_.end(), [this](const HeldLine& one, const HeldLine& other) {
      return StandsBefore(one, other, question_.by_oldest);
    });
    std::vector<HeldLine> shown;
    for (HeldLine& line : lines_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      HeldSum& total = totals_[line.account.asset()];
      total.Add(line.sum);
      ++total.parts;
      if (question_.top > 0 && total.parts > question_.top) {
        ++total.left_out;
      } else {
        shown.push_back(std::move(line));
      }
    }
    lines_ = std::move(shown);
    return absl::OkStatus();
  }

  Status Begin(const std::string& token) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(token));
    const auto found = std::find_if(lines_.begin(), lines_.end(),
                                    [&](const HeldLine& line) { return PlaceOfLine(line) == place; });
    if (found == lines_.end()) return token_.Refused(token);
    at_ = static_cast<std::size_t>(found - lines_.begin()) + 1;
    return absl::OkStatus();
  }

  // All that was read, in any asset.
  std::uint64_t InAll() const {
    std::uint64_t lines = 0;
    for (const auto& [asset, total] : totals_) lines += total.parts;
    return lines;
  }

  StatusOr<std::optional<std::string>> Fill(v1::IdleAnswer* page, PageBudget* budget) {
    if (question_.as_of.has_value()) page->set_as_of_record(*question_.as_of);
    page->set_on(question_.day);
    if (!begun_) FT_RETURN_IF_ERROR(AddTotals(page, budget));
    begun_ = true;
    for (; at_ < lines_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(at_ == 0 ? "/" : PlaceOfLine(lines_[at_ - 1])));
      v1::IdleLine* line = page->add_lines();
      *line->mutable_account() = lines_[at_].account;
      line->set_accounts(lines_[at_].sum.parts);
      FT_RETURN_IF_ERROR(SetHeld(lines_[at_].sum, line));
      line->set_newest(fundtrail::ToString(*lines_[at_].sum.newest));
      budget->TakePart(line->ByteSizeLong());
      FT_ASSIGN_OR_RETURN(const std::size_t names, names_.Add(then_, line->account(), page->mutable_names()));
      budget->TakeBytes(names);
    }
    return std::optional<std::string>();
  }

 private:
  Status AddTotals(v1::IdleAnswer* page, PageBudget* budget) {
    for (const auto& [asset, sum] : totals_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      v1::IdleTotal* total = page->add_totals();
      total->set_asset(asset);
      FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(then_, asset));
      total->set_decimals(declared.decimals());
      total->set_lines(sum.parts);
      total->set_left_out(sum.left_out);
      FT_RETURN_IF_ERROR(SetHeld(sum, total));
    }
    FT_RETURN_IF_ERROR(joins_.Say(view_, question_.as_of, joined_, page));
    budget->TakeBytes(page->ByteSizeLong());
    return absl::OkStatus();
  }

  const View& view_;
  const View then_;
  const HeldQuestion question_;
  const PageToken token_;
  Joins joins_;
  std::set<std::string> joined_;
  std::vector<HeldLine> lines_;
  std::map<std::string, HeldSum> totals_;  // by asset
  ItemNames names_;
  std::size_t at_ = 0;
  bool begun_ = false;
};

}  // namespace

StatusOr<Pages<v1::IdleAnswer>> Idle(const View& view, const v1::IdleRequest& request, const Paging& paging) {
  if (!v1::IdleRequest::Of_IsValid(request.of()))
    return absl::InvalidArgumentError(absl::StrCat("of: ", static_cast<int>(request.of()), " is not known"));
  if (!v1::IdleRequest::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  HeldQuestion question;
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(question.day, DayAsked(view, request.on(), question.as_of));
  FT_ASSIGN_OR_RETURN(question.on, ParseDate(question.day));
  question.party = request.party();
  question.fund = request.fund();
  question.asset = request.asset();
  question.by_party = request.of() == v1::IdleRequest::OF_PARTY;
  question.by_oldest = request.by() == v1::IdleRequest::BY_OLDEST;
  question.joined = request.joined();
  question.top = request.top();
  if (!question.party.empty()) FT_RETURN_IF_ERROR(FindParty(view, question.party).status());
  if (!question.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, question.fund));
  if (!question.asset.empty()) FT_RETURN_IF_ERROR(FindAsset(view, question.asset).status());
  PageToken token{"idle",
                  question.by_party ? "party" : "account",
                  question.by_oldest ? "oldest" : "amount",
                  question.party,
                  question.fund,
                  question.asset,
                  request.on(),
                  absl::StrCat(question.top),
                  question.as_of.has_value() ? absl::StrCat(*question.as_of) : "",
                  question.joined ? "joined" : ""};
  const auto walk = std::make_shared<HeldWalk>(view, std::move(question), std::move(token));
  FT_RETURN_IF_ERROR(walk->Read());
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  const auto fill = [walk](v1::IdleAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::IdleAnswer>(view, paging, WithCount<v1::IdleAnswer>(walk->InAll(), fill));
}

}  // namespace fundtrail::query
