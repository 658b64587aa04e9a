// See parties_at.h.
#include "ledger/query/parties_at.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

StatusOr<bool> EachPartyAt(const View& view, const std::string& place, AsOfRecord as_of, std::uint64_t most,
                           const std::function<Status(const v1::RegisterParty&)>& take) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(const auto there, ItemThen(view, v1::Action::kDeclarePlace, place, as_of));
  if (!there.has_value())
    return absl::NotFoundError(absl::StrCat("this ledger has no place \"", Escaped(place), "\""));
  FT_ASSIGN_OR_RETURN(const auto below, IdsBelow(view, v1::Action::kDeclarePlace, place));
  const std::set<std::string> places(below.begin(), below.end());
  std::uint64_t looked = 0;
  const auto look = [&](const v1::RegisterRow& row) -> Status {
    if (++looked > most) return absl::CancelledError();
    const v1::RegisterParty& party = row.action().register_party();
    const bool is_there = party.kind() != v1::RegisterParty::KIND_HOUSEHOLD && places.contains(party.place());
    return is_there ? take(party) : absl::OkStatus();
  };
  const Status read = EachItem(view, v1::Action::kRegisterParty, as_of, look);
  if (looked > most) return false;
  FT_RETURN_IF_ERROR(read);
  return true;
}

StatusOr<std::optional<std::vector<v1::RegisterParty>>> PartiesAt(const View& view, const std::string& place,
                                                                  AsOfRecord as_of, std::uint64_t most) {
  std::vector<v1::RegisterParty> parties;
  FT_ASSIGN_OR_RETURN(const bool all,
                      EachPartyAt(view, place, as_of, most, [&](const v1::RegisterParty& party) {
                        parties.push_back(party);
                        return view.Grow(party.ByteSizeLong());
                      }));
  return all ? std::optional(std::move(parties)) : std::nullopt;
}

}  // namespace fundtrail::query
