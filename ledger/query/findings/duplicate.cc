// DUPLICATE. Payments from one account to another of the same amount and value date, which were not sent back whole. And runs: at
// least `run` payments, one after another in the log, which are those of an earlier run in its order.
//
//   PAYMENTS_ALIKE   amount  all of them but the first    compared  all of them           count  how many payments
//                    those that a run repeats are not listed again
//   RUN_ALIKE        amount  the later run in this asset  compared  the same              count  its payments in it
//   SERIOUS          where each has the same reference as its twin, and it is not empty. Else LOOK: equal rows are often innocent
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/hash/hash.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

// A payment, by what twins have in common.
struct AlikeMark {
  std::uint64_t alike = 0;
  TransferRef ref;
};

// Kept for each mark: itself, and its place among those that are alike.
constexpr std::size_t kAlikeMarkBytes = sizeof(AlikeMark) + 2 * sizeof(std::uint32_t);

bool AreAlike(const model::TransferRow& one, const model::TransferRow& other) {
  return one.from == other.from && one.to == other.to && one.amount == other.amount && one.date == other.date;
}

// What is repeated of one asset by a run.
struct RepeatedPart {
  Wide amount = 0;
  std::uint64_t count = 0;
};

class DuplicateRule : public FindingWork {
 public:
  explicit DuplicateRule(const FindingInput& input)
      : view_(input.view),
        as_of_(input.as_of),
        run_(static_cast<std::size_t>(input.Value("run"))),
        references_(input.view) {}

  Status Take(const SummedTransfer& transfer) override {
    const model::TransferRow& row = transfer.row;
    if (!IsPayment(transfer)) return absl::OkStatus();
    marks_.push_back(
        {absl::HashOf(row.from.value(), row.to.value(), row.amount.value(), row.date.days()), transfer.ref});
    return kept_.Add(kAlikeMarkBytes);
  }

  Status Finish(FindingList* list) override {
    // The payments by what they have in common, and the earlier first among those that are alike.
    order_.resize(marks_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
    std::stable_sort(order_.begin(), order_.end(), [this](std::uint32_t one, std::uint32_t other) {
      return marks_[one].alike < marks_[other].alike;
    });
    has_twin_.assign(marks_.size(), false);
    for (std::size_t i = 1; i < order_.size(); ++i)
      if (marks_[order_[i]].alike == marks_[order_[i - 1]].alike)
        has_twin_[order_[i]] = has_twin_[order_[i - 1]] = true;
    repeats_.assign(marks_.size(), false);
    FT_RETURN_IF_ERROR(FindRuns(list));
    return FindTwins(list);
  }

 private:
  // Of each place where `run` payments with twins begin, by all of them together.
  Status FindRuns(FindingList* list) {
    std::multimap<std::uint64_t, std::size_t> begins;
    std::size_t with_twins = 0;
    for (std::size_t end = 1; end <= marks_.size(); ++end) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      with_twins = has_twin_[end - 1] ? with_twins + 1 : 0;
      if (with_twins < run_) continue;
      const std::size_t begin = end - run_;
      if (begin < behind_run_) continue;
      std::uint64_t together = 0;
      for (std::size_t i = begin; i < end; ++i) together = absl::HashOf(together, marks_[i].alike);
      const auto [first, last] = begins.equal_range(together);
      std::size_t length = 0, earlier = 0;
      for (auto at = first; at != last && length == 0; ++at) {
        if (at->second + run_ > begin) continue;
        earlier = at->second;
        FT_ASSIGN_OR_RETURN(length, LengthOfRun(earlier, begin));
      }
      if (length >= run_) {
        FT_RETURN_IF_ERROR(AddRun(earlier, begin, length, list));
        behind_run_ = begin + length;
      } else {
        begins.emplace(together, begin);
        FT_RETURN_IF_ERROR(kept_.Add(64));
      }
    }
    return absl::OkStatus();
  }

  // How many payments from both places on are alike, before the earlier run comes to the later one.
  StatusOr<std::size_t> LengthOfRun(std::size_t earlier, std::size_t later) {
    std::size_t length = 0;
    while (later + length < marks_.size() && earlier + length < later) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (marks_[earlier + length].alike != marks_[later + length].alike) break;
      FT_ASSIGN_OR_RETURN(const auto one, NeedTransfer(view_, marks_[earlier + length].ref));
      FT_ASSIGN_OR_RETURN(const auto other, NeedTransfer(view_, marks_[later + length].ref));
      if (!AreAlike(one, other)) break;
      ++length;
    }
    return length;
  }

  // One finding for each fund and asset of the later run, where not all of it was sent back.
  Status AddRun(std::size_t earlier, std::size_t later, std::size_t length, FindingList* list) {
    std::map<std::pair<std::string, std::string>, RepeatedPart> parts;
    std::map<std::pair<std::string, std::string>, std::set<std::string>> payers_of;
    v1::Finding days;
    bool same_references = true;
    ReferenceReader earlier_references(view_), later_references(view_);
    for (std::size_t i = 0; i < length; ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const TransferRef ref = marks_[later + i].ref;
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
      repeats_[later + i] = true;
      FT_ASSIGN_OR_RETURN(const bool back, WasSentBack(view_, row, as_of_));
      if (back) continue;
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, row.from));
      RepeatedPart& part = parts[{from.fund(), from.asset()}];
      part.amount += row.amount.value();
      ++part.count;
      payers_of[{from.fund(), from.asset()}].insert(from.party());
      SeeDay(row.date, &days);
      if (!same_references) continue;
      FT_ASSIGN_OR_RETURN(const std::string one, earlier_references.Of(marks_[earlier + i].ref));
      FT_ASSIGN_OR_RETURN(const std::string other, later_references.Of(ref));
      same_references = !one.empty() && one == other;
    }
    for (const auto& [key, part] : parts) {
      v1::Finding finding = days;
      finding.set_kind(v1::Finding::RUN_ALIKE);
      finding.set_grade(same_references ? v1::Finding::SERIOUS : v1::Finding::LOOK);
      for (const std::string& payer : payers_of.at(key)) {
        if (finding.parties_size() == kMaxEvidence) break;
        finding.add_parties(payer);
      }
      finding.set_fund(key.first);
      finding.set_asset(key.second);
      finding.set_amount(Capped(part.amount));
      finding.set_compared(Capped(part.amount));
      finding.set_count(part.count);
      SetEvidence({marks_[earlier].ref, marks_[earlier + length - 1].ref, marks_[later].ref,
                   marks_[later + length - 1].ref},
                  &finding);
      FT_RETURN_IF_ERROR(list->Add(v1::DUPLICATE, std::move(finding)));
    }
    return absl::OkStatus();
  }

  Status FindTwins(FindingList* list) {
    for (std::size_t begin = 0; begin < order_.size();) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      std::size_t end = begin + 1;
      while (end < order_.size() && marks_[order_[end]].alike == marks_[order_[begin]].alike) ++end;
      if (end - begin > 1) FT_RETURN_IF_ERROR(AddTwins(begin, end, list));
      begin = end;
    }
    return absl::OkStatus();
  }

  // Of those with one hash, which are alike but for a rare collision.
  Status AddTwins(std::size_t begin, std::size_t end, FindingList* list) {
    std::vector<std::pair<TransferRef, model::TransferRow>> rows;
    for (std::size_t i = begin; i < end; ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (repeats_[order_[i]]) continue;
      const TransferRef ref = marks_[order_[i]].ref;
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
      FT_ASSIGN_OR_RETURN(const bool back, WasSentBack(view_, row, as_of_));
      if (!back) rows.emplace_back(ref, row);
    }
    while (rows.size() > 1) {
      std::vector<std::pair<TransferRef, model::TransferRow>> others;
      std::vector<TransferRef> refs;
      const model::TransferRow first = rows.front().second;
      for (const auto& [ref, row] : rows) {
        if (AreAlike(first, row)) {
          refs.push_back(ref);
        } else {
          others.emplace_back(ref, row);
        }
      }
      if (refs.size() > 1) FT_RETURN_IF_ERROR(AddAlike(first, std::move(refs), list));
      rows = std::move(others);
    }
    return absl::OkStatus();
  }

  Status AddAlike(const model::TransferRow& row, std::vector<TransferRef> refs, FindingList* list) {
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, row.from));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, row.to));
    // SERIOUS where two of them have one reference; it is then the one that is said.
    std::set<std::string> seen;
    std::string twice;
    for (const TransferRef ref : refs) {
      FT_ASSIGN_OR_RETURN(const std::string reference, references_.Of(ref));
      if (reference.empty() || !twice.empty()) continue;
      if (!seen.insert(reference).second) twice = reference;
    }
    v1::Finding finding;
    finding.set_kind(v1::Finding::PAYMENTS_ALIKE);
    finding.set_grade(twice.empty() ? v1::Finding::LOOK : v1::Finding::SERIOUS);
    finding.add_parties(from.party());
    finding.add_parties(to.party());
    finding.set_fund(from.fund());
    finding.set_project(from.project());
    finding.set_asset(from.asset());
    finding.set_amount(Capped(Wide{row.amount.value()} * static_cast<std::int64_t>(refs.size() - 1)));
    finding.set_compared(Capped(Wide{row.amount.value()} * static_cast<std::int64_t>(refs.size())));
    finding.set_count(refs.size());
    finding.set_reference(twice);
    SeeDay(row.date, &finding);
    SetEvidence(std::move(refs), &finding);
    return list->Add(v1::DUPLICATE, std::move(finding));
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::size_t run_;
  ReferenceReader references_;
  std::vector<AlikeMark> marks_;      // in the order of the log
  std::vector<std::uint32_t> order_;  // of marks_
  std::vector<bool> has_twin_;        // of marks_: another one is alike
  std::vector<bool> repeats_;         // of marks_: it is in a run that repeats an earlier one
  std::size_t behind_run_ = 0;        // where the last run that was found ends
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeDuplicateRule(const FindingInput& input) {
  return std::make_unique<DuplicateRule>(input);
}

}  // namespace fundtrail::query
