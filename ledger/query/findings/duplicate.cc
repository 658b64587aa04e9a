// DUPLICATE. Payments from one account to another of the same amount and value date, which were not sent back whole. And runs: at
// least `run` payments, one after another in the log, which are those of an earlier run in its order.
//
//   PAYMENTS_ALIKE   amount  all of them but the first    compared  all of them           count  how many payments
//                    those that a run repeats are not listed again
//   RUN_ALIKE        amount  the later run in this asset  compared  the same              count  its payments in it
//   SERIOUS          where each has the same reference as its twin, not empty, and the same words: its purpose, its words about a
//                    project, and its place. Else LOOK: equal rows are often innocent, and lines of one invoice share its number
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
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

// Payments that are alike, none of them sent back whole.
struct AlikePayments {
  model::TransferRow row;  // the first
  std::vector<TransferRef> refs;
  std::string twice;  // the reference of two of them
  bool same_words = false;
};

// Kept for each payment that is listed, while their words are read.
constexpr std::size_t kListedBytes = 2 * sizeof(TransferRef) + sizeof(std::uint32_t) + std::size_t{2} * 24;

// What is repeated of one asset by a run.
struct RepeatedPart {
  Wide amount = 0;
  std::uint64_t count = 0;
};

class DuplicateRule : public FindingWork {
 public:
  explicit DuplicateRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), run_(static_cast<std::size_t>(input.Value("run"))) {}

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
    bool same_words = true;
    WordsReader earlier_words(view_), later_words(view_);
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
      if (!same_words) continue;
      FT_ASSIGN_OR_RETURN(const PaymentWords one, earlier_words.Of(marks_[earlier + i].ref));
      FT_ASSIGN_OR_RETURN(const PaymentWords other, later_words.Of(ref));
      same_words = !one.reference.empty() && one.reference == other.reference && one.about == other.about;
    }
    for (const auto& [key, part] : parts) {
      v1::Finding finding = days;
      finding.set_kind(v1::Finding::RUN_ALIKE);
      finding.set_grade(same_words ? v1::Finding::SERIOUS : v1::Finding::LOOK);
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
      if (end - begin > 1) FT_RETURN_IF_ERROR(SeeTwins(begin, end));
      begin = end;
    }
    FT_RETURN_IF_ERROR(ReadWords());
    for (AlikePayments& alike : alike_) FT_RETURN_IF_ERROR(AddAlike(std::move(alike), list));
    return absl::OkStatus();
  }

  // Of those with one hash, which are alike but for a rare collision.
  Status SeeTwins(std::size_t begin, std::size_t end) {
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
      if (refs.size() > 1) {
        FT_RETURN_IF_ERROR(kept_.Add(sizeof(AlikePayments) + refs.size() * kListedBytes));
        alike_.push_back({first, std::move(refs), {}});
      }
      rows = std::move(others);
    }
    return absl::OkStatus();
  }

  // Of all that are listed, in the order of the log, so that each record is read once.
  Status ReadWords() {
    std::vector<std::pair<TransferRef, std::uint32_t>> listed;
    for (std::uint32_t i = 0; i < alike_.size(); ++i)
      for (const TransferRef ref : alike_[i].refs) listed.emplace_back(ref, i);
    std::sort(listed.begin(), listed.end());
    absl::flat_hash_set<std::pair<std::uint32_t, std::uint64_t>> references, words;
    WordsReader reader(view_);
    for (const auto& [ref, i] : listed) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      AlikePayments& of = alike_[i];
      if (of.same_words) continue;
      FT_ASSIGN_OR_RETURN(const PaymentWords said, reader.Of(ref));
      if (said.reference.empty()) continue;
      of.same_words = !words.emplace(i, absl::HashOf(said.reference, said.about)).second;
      const bool again = !references.emplace(i, absl::HashOf(said.reference)).second;
      if (of.same_words || (again && of.twice.empty())) of.twice = said.reference;
    }
    return absl::OkStatus();
  }

  Status AddAlike(AlikePayments alike, FindingList* list) {
    const model::TransferRow& row = alike.row;
    const auto count = static_cast<std::int64_t>(alike.refs.size());
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, row.from));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, row.to));
    v1::Finding finding;
    finding.set_kind(v1::Finding::PAYMENTS_ALIKE);
    finding.set_grade(alike.same_words ? v1::Finding::SERIOUS : v1::Finding::LOOK);
    finding.add_parties(from.party());
    finding.add_parties(to.party());
    finding.set_fund(from.fund());
    finding.set_project(from.project());
    finding.set_asset(from.asset());
    finding.set_amount(Capped(Wide{row.amount.value()} * (count - 1)));
    finding.set_compared(Capped(Wide{row.amount.value()} * count));
    finding.set_count(alike.refs.size());
    finding.set_reference(alike.twice);
    SeeDay(row.date, &finding);
    SetEvidence(std::move(alike.refs), &finding);
    return list->Add(v1::DUPLICATE, std::move(finding));
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::size_t run_;
  std::vector<AlikeMark> marks_;      // in the order of the log
  std::vector<std::uint32_t> order_;  // of marks_
  std::vector<bool> has_twin_;        // of marks_: another one is alike
  std::vector<bool> repeats_;         // of marks_: it is in a run that repeats an earlier one
  std::size_t behind_run_ = 0;        // where the last run that was found ends
  std::vector<AlikePayments> alike_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeDuplicateRule(const FindingInput& input) {
  return std::make_unique<DuplicateRule>(input);
}

}  // namespace fundtrail::query
