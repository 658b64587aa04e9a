// See resolve.h.
#include "cli/client/resolve.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>

#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "ledger/base/distance.h"
#include "ledger/base/names.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

// A search takes no longer text (query/search.cc).
constexpr std::size_t kMaxResolvedText = 200;
// Of so many items of a register the nearest is looked for.
constexpr std::uint64_t kMaxNearLooked = 20'000;

// How far a text may be from a name that is still near: one letter in three.
std::size_t MostApart(std::string_view text) { return std::max<std::size_t>(1, text.size() / 3); }

std::string NameOfItem(const v1::Action& action) {
  for (const char* field : {"name", "title", "purpose"})
    if (std::string name = model::TextIn(model::ItemOf(action), field); !name.empty()) return name;
  return "";
}

// The items whose id or name is nearest to the text, the nearest first.
StatusOr<std::vector<NamedItem>> Nearest(Connection* connection, std::string_view kind,
                                         const std::string& text) {
  const model::Register* const of = model::FindRegister(kind);
  const std::string sought = FoldedForSearch(text);
  using Near = std::tuple<std::size_t, std::string, std::string>;  // how far, id, name
  std::vector<Near> near;
  v1::RegistersRequest request;
  request.set_register_(std::string(kind));
  request.set_limit(kMaxNearLooked);
  const std::function<Status(const v1::RegistersAnswer&)> take =
      [&](const v1::RegistersAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page, request));
    for (const v1::RegisterLine& line : page.lines()) {
      if (line.action().action_case() != of->action) continue;
      const std::string id = model::IdOf(line.action()), name = NameOfItem(line.action());
      const std::size_t apart =
          std::min(Distance(sought, FoldedForSearch(id)), Distance(sought, FoldedForSearch(name)));
      if (apart <= MostApart(sought) && apart < sought.size()) near.emplace_back(apart, id, name);
    }
    std::sort(near.begin(), near.end());
    if (near.size() > kMaxNearItems) near.resize(kMaxNearItems);
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfRegisters(connection, request, take));
  std::vector<NamedItem> items;
  items.reserve(near.size());
  for (const auto& [apart, id, name] : near) items.push_back({id, name});
  return items;
}

}  // namespace

StatusOr<Resolved> Resolve(Connection* connection, std::string_view kind, const std::string& text,
                           Parts parts) {
  Resolved resolved;
  if (text.size() > kMaxResolvedText || FoldedForSearch(text).empty()) return resolved;
  v1::SearchRequest request;
  request.set_text(text);
  request.add_kinds(std::string(kind));
  request.set_limit(kMaxListedItems);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeSearch(connection, request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  std::vector<NamedItem> exact, all, by_initials;
  for (const v1::SearchHit& hit : answer.hits()) {
    if (hit.id() == text) {
      resolved.found = Resolved::Found::kOne;
      resolved.items = {{hit.id(), hit.name()}};
      return resolved;
    }
    if (hit.exact()) exact.push_back({hit.id(), hit.name()});
    (hit.match() == v1::SearchHit::MATCH_INITIALS ? by_initials : all).push_back({hit.id(), hit.name()});
  }
  // Initials come last, and are meant where nothing else fits. With one of them, all else is on this page.
  std::uint64_t fits = all.size();
  if (all.empty() || by_initials.empty()) {
    for (const v1::SearchCount& count : answer.counts()) fits = std::max<std::uint64_t>(fits, count.hits());
    if (all.empty()) all = std::move(by_initials);
  }
  // Where items were left out, another may have the same name.
  const bool sure = !answer.items_left_out();
  if (exact.empty() && parts == Parts::kRefused) {
    resolved.items = std::move(all);
  } else if (sure && (exact.size() == 1 || fits == 1)) {
    resolved.found = Resolved::Found::kOne;
    resolved.items = {exact.empty() ? all.front() : exact.front()};
  } else if (!all.empty()) {
    const bool of_exact = !exact.empty() && exact.size() < kMaxListedItems;
    resolved.found = Resolved::Found::kSeveral;
    resolved.fits = of_exact ? exact.size() : fits;
    resolved.items = exact.empty() ? std::move(all) : std::move(exact);
  }
  if (resolved.found != Resolved::Found::kNone || !resolved.items.empty()) return resolved;
  FT_ASSIGN_OR_RETURN(resolved.items, Nearest(connection, kind, text));
  return resolved;
}

}  // namespace fundtrail::cli
