// Parties that are one body, by the joins of then (JoinParties): whom an answer counts under whom, where it is asked to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/joined.pb.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

// How many joins a ledger may have in force to be asked so: an answer names each that it follows, on one page.
inline constexpr std::size_t kMaxJoins = 2'000;

// The joins that are in force, in the order in which they were opened, those of one record by id. Each puts what stands for its `party` under what stands for its
// `under`, where that is another one. So whom a party stands under depends on no rule of the books: two joins of one party make all
// three one, and a circle closes nothing.
class Joins {
 public:
  // Nobody is joined.
  Joins() = default;
  // Those of then. Without `wanted`, what answers ask of themselves, nobody is joined. RESOURCE_EXHAUSTED for more than kMaxJoins.
  static StatusOr<Joins> Read(const View& view, bool wanted, AsOfRecord as_of);

  bool empty() const { return under_.empty(); }
  // The party that stands for this one: itself, where it stands under none.
  const std::string& StandingFor(const std::string& party) const;
  // All that are one with this party, it among them: first the one that stands for them, then by id.
  std::vector<std::string> Together(const std::string& party) const;
  // Those that stand for others, by id, with those that stand under each.
  const std::map<std::string, std::set<std::string>>& standing() const { return together_; }

  // For the answer: of these parties, those that stand under another one, by id. View::Grow hears of each.
  template <typename Answer>
  Status Say(const View& view, AsOfRecord as_of, const std::set<std::string>& parties, Answer* answer) const {
    for (const std::string& party : parties) {
      const auto found = under_.find(party);
      if (found == under_.end()) continue;
      FT_RETURN_IF_ERROR(Describe(view, as_of, party, found->second, answer->add_joined()));
    }
    return absl::OkStatus();
  }

 private:
  // Why a party stands under another one.
  struct Under {
    std::string party;  // it stands for others, and under none
    std::string join;
    std::uint64_t record = 0;
  };
  Status Describe(const View& view, AsOfRecord as_of, const std::string& party, const Under& under,
                  v1::JoinedParty* joined) const;

  std::map<std::string, Under> under_;                     // by the party that stands under another one
  std::map<std::string, std::set<std::string>> together_;  // by the party that stands for others
};

}  // namespace fundtrail::query
