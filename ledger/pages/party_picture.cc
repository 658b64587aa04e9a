// See party_picture.h.
#include "ledger/pages/party_picture.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/sum_cells.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/picture/steps.h"
#include "ledger/query/party_periods.h"
#include "ledger/query/role_ends.h"

namespace fundtrail::pages {
namespace {

// What the page keeps free, so that nothing moves when the picture comes: a drawing of four lines under a caption is about so high.
constexpr char kPictureWidth[] = "720", kPictureHeight[] = "450";

StatusOr<picture::Svg> Drawn(const Asking& asking, const v1::RegisterParty& party,
                             const query::PartyAsset& of) {
  const v1::EndKind lies = query::EndByRole(party);
  const bool held = lies == v1::END_KIND_HELD;
  Word title = held ? Word::kPartyByMonth : Word::kPartyLiesByMonth;
  if (of.by_year) title = held ? Word::kPartyByYear : Word::kPartyLiesByYear;
  std::vector<std::string> periods;
  std::vector<picture::Series> lines = {{asking.Words(Word::kBroughtIn), {}},
                                        {asking.Words(Word::kReceived), {}},
                                        {asking.Words(Word::kPassedOn), {}},
                                        {asking.Words(LiesTitle(lies)), {}}};
  for (const query::PartyPeriod& period : of.periods) {
    periods.push_back(period.name);
    lines[0].amounts.push_back(period.brought_in);
    lines[1].amounts.push_back(period.received);
    lines[2].amounts.push_back(period.passed_on);
    lines[3].amounts.push_back(period.held);
  }
  // Who brings nothing in has no line of it, and a source that gets nothing none of that.
  const auto is_empty = [](const picture::Series& line) {
    return std::all_of(line.amounts.begin(), line.amounts.end(),
                       [](std::int64_t amount) { return amount == 0; });
  };
  for (std::size_t i = 2; i-- > 0;)
    if (is_empty(lines[i])) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
  const picture::Caption caption = PictureCaption(
      asking, asking.Words(title, {party.name()}),
      asking.Words(
          held ? Word::kHeldAtEnd : Word::kLiesAtEnd,
          {of.periods.back().name, asking.MoneyInWords(of.periods.back().held, of.decimals, of.asset)}));
  return picture::Steps(periods, lines, {of.asset, of.decimals}, caption, PictureWords(asking));
}

}  // namespace

Status AddPartyPicture(const Asking& asking, const v1::RegisterParty& party, Content* content) {
  FT_ASSIGN_OR_RETURN(const auto kept, asking.Kept(absl::StrCat(party.id(), " ", asking.asked("asset")), [&] {
    return query::PartyPeriods(asking.view, party.id(), asking.asked("asset"), asking.as_of());
  }));
  const std::vector<query::PartyAsset>& assets = *kept;
  if (assets.size() > 1)
    for (const query::PartyAsset& of : assets) content->pictures.push_back(of.asset);
  if (assets.size() != 1) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const picture::Svg svg, Drawn(asking, party, assets.front()));
  content->has_svg = true;
  content->data = PictureText(svg);
  return absl::OkStatus();
}

Html PartyFigures(const Asking& asking, const v1::RegisterParty& party,
                  const std::vector<std::string>& assets) {
  const Word over_time =
      query::EndByRole(party) == v1::END_KIND_HELD ? Word::kPartyOverTime : Word::kPartyLiesOverTime;
  Html figures;
  for (const std::string& asset : assets) {
    const std::string at = PictureLink(asking, PartyPath(party.id()), asset, assets.size() > 1);
    if (at.empty()) continue;
    const std::string says = asking.Words(over_time, {party.name(), asset});
    const Html image = Lone("img", {{"src", at},
                                    {"alt", says},
                                    {"width", kPictureWidth},
                                    {"height", kPictureHeight},
                                    {"loading", "lazy"}});
    figures += Element(
        "figure", {{"class", "flow"}},
        Element("div", {{"class", "wide"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", says}},
                image) +
            Element("figcaption",
                    Element("a", {{"href", at}, {"rel", "nofollow"}}, asking.Shown(Word::kPictureFile))));
  }
  return figures;
}

}  // namespace fundtrail::pages
