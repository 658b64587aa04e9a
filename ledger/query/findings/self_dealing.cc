// SELF_DEALING. Payments between parties of which
//
//   SHARED_KEY   one key has a grant to both by name. A grant for all below a party is none, and root keys do not count
//   ONE_BODY     the payee is a RECIPIENT that stands above the payer, or below it. The root party stands above all, and says nothing
//
// and that no notice discloses: none of kind ALLOCATION, RECIPIENTS, RESULT or CORRECTION that names the project of the payment began
// within `days` days of the day of its record. Before so many days are over nothing is found. What is only committed, and what was
// sent back whole, does not count.
//
//   amount    those payments    compared  0    count  how many    one finding for each payer, payee, fund, project, asset and kind
//
// SERIOUS where the payee is a RECIPIENT, and one key may PAY for the payer and ACKNOWLEDGE for the payee: who pays says there that it
// arrived. Else LOOK. Keys are those of then.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/state.h"
#include "ledger/query/findings/rules.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/numbers.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct DealtMoney {
  model::AccountNumber from, to;  // of one of them
  Wide amount = 0;
  SeenTransfers seen;
};

class SelfDealingRule : public FindingWork {
 public:
  explicit SelfDealingRule(const FindingInput& input)
      : view_(input.view),
        back_(*input.back),
        as_of_(input.as_of),
        on_(input.on),
        days_(static_cast<std::int32_t>(input.Value("days"))),
        ancestors_(*input.view.rows) {}

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount &from = transfer.from, &to = transfer.to;
    if (!IsPayment(transfer) || transfer.row.committed() || from.party == to.party) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const v1::Finding::Kind kind, KindOf(transfer));
    if (kind == v1::Finding::KIND_UNSPECIFIED) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool disclosed, IsDisclosed(transfer));
    if (disclosed) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool back, back_.All(transfer.row));
    if (back) return absl::OkStatus();
    DealtMoney& of = dealt_[{from.party->number, to.party->number, to.fund, to.project, to.asset, kind}];
    of.from = transfer.row.from;
    of.to = transfer.row.to;
    of.amount += transfer.row.amount.value();
    return kept_.Add(SeeIn(dealt_, &of, transfer.ref, transfer.row.date));
  }

  Status Finish(FindingList* list) override {
    for (auto& [key, of] : dealt_) {
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
      const v1::Finding::Kind kind = std::get<5>(key);
      const bool serious = kind == v1::Finding::KIND_SHARED_KEY &&
                           pays_and_says_.contains(std::pair(std::get<0>(key), std::get<1>(key)));
      v1::Finding finding;
      finding.set_kind(kind);
      finding.set_grade(serious ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
      finding.add_parties(from.party());
      finding.add_parties(to.party());
      finding.set_fund(to.fund());
      finding.set_project(to.project());
      finding.set_asset(from.asset());
      finding.set_amount(Capped(of.amount));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_SELF_DEALING, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  struct DealerKey {
    int number = 0;
    bool pays = false, says = false;  // it may PAY, it may ACKNOWLEDGE
  };
  struct Dealer {
    std::string id;
    std::vector<DealerKey> keys;  // by their numbers, each once
  };

  static DealerKey KeyOf(const v1::KeyLine& line, int number) {
    const auto& may = line.permissions();
    return {number, std::find(may.begin(), may.end(), v1::PERMISSION_PAY) != may.end(),
            std::find(may.begin(), may.end(), v1::PERMISSION_ACKNOWLEDGE) != may.end()};
  }

  StatusOr<v1::Finding::Kind> KindOf(const SummedTransfer& transfer) {
    const SummedParty &payer = *transfer.from.party, &payee = *transfer.to.party;
    const auto pair = std::pair(payer.number, payee.number);
    if (const auto found = kinds_.find(pair); found != kinds_.end()) return found->second;
    FT_RETURN_IF_ERROR(kept_.Add(kSlotBytes<decltype(kinds_)>));
    FT_RETURN_IF_ERROR(ReadKeys());
    FT_ASSIGN_OR_RETURN(const Dealer* from, DealerOf(payer, transfer.row.from));
    FT_ASSIGN_OR_RETURN(const Dealer* to, DealerOf(payee, transfer.row.to));
    v1::Finding::Kind kind = v1::Finding::KIND_UNSPECIFIED;
    bool shared = false, pays_and_says = false;
    for (auto one = from->keys.begin(), other = to->keys.begin();
         one != from->keys.end() && other != to->keys.end();) {
      if (one->number == other->number) {
        shared = true;
        pays_and_says = pays_and_says || (one->pays && other->says);
        ++one;
      } else if (one->number < other->number) {
        ++one;
      } else {
        ++other;
      }
    }
    if (payee.role == v1::ROLE_RECIPIENT && pays_and_says) pays_and_says_.insert(pair);
    if (shared) {
      kind = v1::Finding::KIND_SHARED_KEY;
    } else if (payee.role == v1::ROLE_RECIPIENT) {
      FT_ASSIGN_OR_RETURN(const bool below, IsAbove(from->id, to->id));
      FT_ASSIGN_OR_RETURN(const bool above, IsAbove(to->id, from->id));
      if (below || above) kind = v1::Finding::KIND_ONE_BODY;
    }
    kinds_[pair] = kind;
    return kind;
  }

  StatusOr<const Dealer*> DealerOf(const SummedParty& party, model::AccountNumber account) {
    const auto found = dealers_.find(party.number);
    if (found != dealers_.end()) return &found->second;
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
    FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(dealers_)> + name.party().size()));
    Dealer dealer{name.party(), {}};
    if (const auto has = keys_.find(name.party()); has != keys_.end()) dealer.keys = has->second;
    return &dealers_.emplace(party.number, std::move(dealer)).first->second;
  }

  StatusOr<bool> IsAbove(const std::string& above, const std::string& party) {
    if (above == root_) return false;
    bool met = false;
    FT_RETURN_IF_ERROR(
        ancestors_.EachAbove(v1::Action::kRegisterParty, party, [&](const std::string& at) -> StatusOr<bool> {
          met = at == above;
          return !met;
        }));
    return met;
  }

  // The keys of each party, and the root party: once.
  Status ReadKeys() {
    if (!root_.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto genesis, books::GetGenesis(*view_.rows));
    if (!genesis.has_value()) return model::Damaged(keys::Genesis(), "is missing");
    root_ = genesis->root_party();
    v1::KeysRequest request;
    if (as_of_.has_value()) request.set_as_of(*as_of_);
    FT_ASSIGN_OR_RETURN(auto pages, Keys(view_, request, {}));
    Numbers numbers;
    while (!pages.over()) {
      FT_ASSIGN_OR_RETURN(const v1::KeyAnswer page, pages.Next());
      for (const auto& line : page.keys()) {
        if (line.root()) continue;
        FT_RETURN_IF_ERROR(kept_.Add(line.public_key().size() + line.party().size() + sizeof(DealerKey)));
        keys_[line.party()].push_back(KeyOf(line, numbers.Of(line.public_key())));
      }
    }
    for (auto& [party, its] : keys_)
      std::sort(its.begin(), its.end(),
                [](const DealerKey& one, const DealerKey& other) { return one.number < other.number; });
    return absl::OkStatus();
  }

  // Whether a notice says it, or may still say it.
  StatusOr<bool> IsDisclosed(const SummedTransfer& transfer) {
    if (record_ != transfer.ref.record) {
      FT_ASSIGN_OR_RETURN(recorded_, DayOf(view_, transfer.ref.record));
      record_ = transfer.ref.record;
    }
    const Date recorded = recorded_;
    if (on_.days() < recorded.days() + days_) return true;
    if (transfer.to.project == 0) return false;
    FT_RETURN_IF_ERROR(ReadNotices());
    auto found = projects_.find(transfer.to.project);
    if (found == projects_.end()) {
      FT_ASSIGN_OR_RETURN(const std::string id, NeedProjectOf(view_, transfer.row.to));
      found = projects_.emplace(transfer.to.project, id).first;
    }
    const auto began = began_.find(found->second);
    if (began == began_.end()) return false;
    const auto first = began->second.lower_bound(recorded.days() - days_);
    return first != began->second.end() && *first <= recorded.days() + days_;
  }

  Status ReadNotices() {
    if (notices_read_) return absl::OkStatus();
    notices_read_ = true;
    return EachItem(view_, v1::Action::kAnnounce, as_of_, [this](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const v1::Announce& notice = row.action().announce();
      if (row.has_ended() || notice.kind() == v1::Announce::KIND_PLAN ||
          notice.kind() == v1::Announce::KIND_CALL)
        return absl::OkStatus();
      const auto from = ParseDate(notice.from());
      if (!from.ok())
        return model::Damaged(keys::Item(v1::Action::kAnnounce, notice.id()), "has a day that is none");
      for (const std::string& id : notice.projects()) {
        FT_RETURN_IF_ERROR(kept_.Add(id.size() + sizeof(std::int32_t)));
        began_[id].insert(std::max(from->days(), row.version_day()));
      }
      return absl::OkStatus();
    });
  }

  const View& view_;
  BackMoney& back_;
  const AsOfRecord as_of_;
  const Date on_;
  const std::int32_t days_;
  books::Ancestors ancestors_;
  std::optional<RecordIndex> record_;                   // the last one whose day was read
  Date recorded_;                                       // that day
  std::string root_;                                    // the root party; empty until it is read
  std::map<std::string, std::vector<DealerKey>> keys_;  // of each party
  absl::flat_hash_map<std::pair<std::uint32_t, std::uint32_t>, v1::Finding::Kind> kinds_;
  std::map<std::uint32_t, Dealer> dealers_;  // by the party's number
  // The payer and the payee, a RECIPIENT, where one key pays and says that it arrived.
  std::set<std::pair<std::uint32_t, std::uint32_t>> pays_and_says_;
  bool notices_read_ = false;
  std::map<std::uint32_t, std::string> projects_;        // their ids
  std::map<std::string, std::set<std::int32_t>> began_;  // the days on which notices about a project began
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t,
                      v1::Finding::Kind>,
           DealtMoney>
      dealt_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeSelfDealingRule(const FindingInput& input) {
  return std::make_unique<SelfDealingRule>(input);
}

}  // namespace fundtrail::query
