// See parties_at.h.
#include "ledger/query/parties_at.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

StatusOr<std::optional<std::vector<v1::RegisterParty>>> PartiesAt(const View& view, const std::string& place,
                                                                  AsOfRecord as_of, std::uint64_t most) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(const auto there, ItemThen(view, v1::Action::kDeclarePlace, place, as_of));
  if (!there.has_value())
    return absl::NotFoundError(absl::StrCat("this ledger has no place \"", Escaped(place), "\""));
  FT_ASSIGN_OR_RETURN(const auto below, IdsBelow(view, v1::Action::kDeclarePlace, place));
  const std::set<std::string> places(below.begin(), below.end());
  std::vector<v1::RegisterParty> parties;
  std::uint64_t looked = 0;
  const auto take = [&](const v1::RegisterRow& row) -> Status {
    if (++looked > most) return absl::CancelledError();
    const v1::RegisterParty& party = row.action().register_party();
    if (party.kind() == v1::RegisterParty::HOUSEHOLD || !places.contains(party.place()))
      return absl::OkStatus();
    parties.push_back(party);
    return view.Grow(party.ByteSizeLong());
  };
  const Status read = EachItem(view, v1::Action::kRegisterParty, as_of, take);
  if (looked > most) return std::optional<std::vector<v1::RegisterParty>>();
  FT_RETURN_IF_ERROR(read);
  return std::optional(std::move(parties));
}

}  // namespace fundtrail::query
