// See trace_picture.h.
#include "ledger/pages/trace_picture.h"

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/coverage.pb.h"
#include "ledger/pages/page.h"
#include "ledger/picture/sheet.h"

namespace fundtrail::pages {
namespace {

// Where the answer is for good; empty where the site does not know its own name.
std::string LastingLink(const Asking& asking) {
  if (asking.base.empty()) return "";
  Address lasting = asking.address;
  if (!asking.in_folder()) lasting.as_of = asking.last_record();
  return absl::StrCat(asking.base, "/", lasting.Front(), lasting.Path(), lasting.QueryWith({}));
}

void SayTerms(const Asking& asking, picture::Caption* caption) {
  if (asking.terms == nullptr) return;
  caption->source = asking.terms->source;
  caption->licence = asking.terms->licence;
}

}  // namespace

picture::Words PictureWords(const Asking& asking) {
  const std::vector<std::string> amount = {"{amount}"};
  picture::Words words;
  words.reached = asking.Value(v1::END_KIND_REACHED);
  words.ends_here = asking.Value(v1::END_KIND_ENDS_HERE);
  words.held = asking.Value(v1::END_KIND_HELD);
  words.returned = asking.Value(v1::END_KIND_RETURNED);
  words.exchanged = asking.Value(v1::END_KIND_EXCHANGED);
  words.brought_in = asking.Value(v1::END_KIND_BROUGHT_IN);
  words.unrecorded = asking.Value(v1::END_KIND_UNRECORDED);
  words.goes_on = asking.Words(Word::kGoesOn);
  words.asked = asking.Words(Word::kPictureAsked, {"{amount}", "{asset}"});
  words.sum_reached = asking.Words(Word::kPartReached, amount);
  words.sum_ends_here = asking.Words(Word::kPartEndsHere, amount);
  words.sum_held = asking.Words(Word::kPartHeld, amount);
  words.sum_returned = asking.Words(Word::kPartReturned, amount);
  words.sum_exchanged = asking.Words(Word::kPartExchanged, amount);
  words.sum_brought_in = asking.Words(Word::kPartBroughtIn, amount);
  words.sum_unrecorded = asking.Words(Word::kPartUnrecorded, amount);
  words.committed = asking.Words(Word::kLeadCommitted, amount);
  words.columns_from = asking.Words(Word::kColumnsFrom);
  words.columns_to = asking.Words(Word::kColumnsTo);
  words.listed = asking.Words(Word::kPictureListed);
  words.others = asking.Words(Word::kPictureOthers, {"{n}"});
  words.colon = asking.Words(Word::kColon);
  words.comma = asking.Words(Word::kPartComma);
  words.fund = asking.Words(Word::kPictureFund, {"{fund}"});
  words.project = asking.Words(Word::kPictureProject, {"{project}"});
  words.method = asking.Words(Word::kMethod, {"{method}"});
  words.as_of = asking.Words(Word::kPictureAsOf, {"{ledger}", "{records}", "{root}"});
  words.as_of_record = asking.Words(Word::kPictureAsOfRecord, {asking.view.checkpoint.ledger(), "{record}"});
  words.in_all = asking.Words(Word::kPictureInAll, {"{asset}"});
  words.of_each = asking.Words(Word::kPictureOfEach, {"{share}"});
  words.below_share = asking.Words(Word::kPictureBelowShare);
  words.no_need = asking.Words(Word::kPictureNoNeed);
  words.vacuum = asking.Value(v1::COVERAGE_STATE_VACUUM);
  words.unfunded = asking.Value(v1::COVERAGE_STATE_UNFUNDED);
  words.under = asking.Value(v1::COVERAGE_STATE_UNDER);
  words.covered = asking.Value(v1::COVERAGE_STATE_COVERED);
  words.over = asking.Value(v1::COVERAGE_STATE_OVER);
  words.undeclared = asking.Value(v1::COVERAGE_STATE_UNDECLARED);
  words.crowded = asking.Words(Word::kPictureCrowded);
  words.without_outline = asking.Words(Word::kPictureWithoutOutline, {"{n}"});
  words.outlines = asking.Words(Word::kPictureOutlines, {"{licence}"});
  words.review = asking.Words(Word::kPictureReview, {"{review}"});
  words.source = asking.Words(Word::kPictureSource, {"{source}"});
  words.licence = asking.Words(Word::kPictureLicence, {"{licence}"});
  words.language = LanguageTag(asking.language());
  return words;
}

picture::Caption PictureCaption(const Asking& asking, const std::string& question, const std::string& sum) {
  picture::Caption caption;
  caption.question = question;
  caption.sum = sum;
  if (asking.as_of().has_value()) {
    caption.as_of_record = *asking.as_of();
  } else {
    caption.as_of = asking.view.checkpoint;
  }
  SayTerms(asking, &caption);
  caption.link = LastingLink(asking);
  return caption;
}

std::string PictureLink(const Asking& asking, const std::string& page, const std::string& asset,
                        bool several) {
  if (!asking.in_folder()) {
    return absl::StrCat(
        asking.To(PicturePath(page)),
        asking.address.QueryWith({{"asset", several ? asset : asking.asked("asset")}, {"after", ""}}));
  }
  const std::string path = PicturePath(page, several ? asset : "");
  return !path.empty() && asking.Has(asking.address.Front() + path) ? asking.To(path) : "";
}

Html PictureChoice(const Asking& asking, const std::vector<std::string>& assets) {
  Html items;
  for (const std::string& asset : assets) {
    const std::string at = PictureLink(asking, asking.address.Path(), asset, true);
    items += Element("li", Element("a", {{"href", at}, {"rel", "nofollow"}}, Text(asset)));
  }
  return asking.Paragraph(Word::kPictureOfEachAsset) + Element("ul", items);
}

std::string PictureText(const picture::Svg& svg) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + svg.str() + "\n";
}

StatusOr<picture::FlowPicture> PictureOfFlow(const Asking& asking, const v1::TraceAnswer& answer,
                                             const v1::AssetTrace& trace, const std::string& title) {
  const picture::Words words = PictureWords(asking);
  picture::Caption caption = picture::CaptionOf(answer, trace, words);
  caption.question = title;
  caption.method = MethodWords(asking, answer.method());
  if (asking.as_of().has_value()) caption.as_of.Clear();
  SayTerms(asking, &caption);
  caption.link = LastingLink(asking);
  return asking.wants_svg() ? picture::Flow(trace, answer.direction(), caption, words)
                            : picture::MeasuredFlow(trace, answer.direction(), caption, words);
}

Html FlowFigure(const Asking& asking, const v1::TraceAnswer& answer, const v1::AssetTrace& trace,
                const picture::FlowPicture& picture, const std::string& says) {
  const std::string at = PictureLink(asking, asking.address.Path(), trace.asset(), answer.assets_size() > 1);
  if (at.empty()) return {};
  const auto pixels = [](picture::Px size) { return absl::StrCat(size / picture::Pixels(1)); };
  const Html image = Lone("img", {{"src", at},
                                  {"alt", says},
                                  {"width", pixels(picture.width)},
                                  {"height", pixels(picture.height)},
                                  {"loading", "lazy"}});
  Html content = Element("div",
                         {{"class", "wide"},
                          {"tabindex", "0"},
                          {"role", "region"},
                          {"aria-label", asking.Words(Word::kPicture)}},
                         image) +
                 Element("figcaption",
                         Element("a", {{"href", at}, {"rel", "nofollow"}}, asking.Shown(Word::kPictureFile)));
  Table folded(asking.Words(Word::kPictureFolded), {{asking.Words(Word::kParty)},
                                                    {asking.Words(Word::kFund)},
                                                    {asking.Words(Word::kHop), true},
                                                    {asking.Words(Word::kAmount), true},
                                                    {asking.Words(Word::kAsset)}});
  for (const picture::Folded& one : picture.folded)
    folded.Add({PartyCell(asking, one.account.party(), one.account.party_name()),
                FundCell(asking, one.account), NumberCell(one.hop), MoneyCell(one.amount, trace.decimals()),
                WordCell(trace.asset())});
  if (!folded.empty()) content += folded.Shown(folded.size());
  // A narrow window has no room for it, and needs none: what it shows stands in the ladder and in the tables.
  return Element("figure", {{"class", "flow"}}, content);
}

}  // namespace fundtrail::pages
