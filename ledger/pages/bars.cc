// See bars.h.
#include "ledger/pages/bars.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"

namespace fundtrail::pages {
namespace {

// The last one is the first, hatched.
constexpr const char* kTones[] = {"#12436d", "#28a197", "#801650", "#f46a25",
                                  "#3d3d3d", "#a285d1", "#12436d"};
constexpr int kLastTone = 6;
constexpr std::int64_t kBarWidth = 1'000;

std::string HatchName(const std::string& name, int tone) { return absl::StrCat(name, "-", tone); }

// Lines at 45 degrees, further apart for each tone; the first is plain.
Html Hatch(const std::string& name, int tone) {
  const std::string side = absl::StrCat(tone == kLastTone ? 6 : 4 + 2 * tone);
  return Element("pattern",
                 {{"id", HatchName(name, tone)},
                  {"width", side},
                  {"height", side},
                  {"patternUnits", "userSpaceOnUse"},
                  {"patternTransform", "rotate(45)"}},
                 Element("rect", {{"width", side}, {"height", side}, {"fill", kTones[tone]}}, Html()) +
                     Element("rect", {{"width", "1.5"}, {"height", side}, {"fill", "#fff"}}, Html()));
}

std::string FillOf(const std::string& name, int tone) {
  return tone > 0 ? absl::StrCat("url(#", HatchName(name, tone), ")") : kTones[0];
}

// A colour and its words.
Html KeyOf(const std::string& name, int tone, const std::string& words) {
  const Html colour =
      Element("svg", {{"class", "key"}, {"viewBox", "0 0 16 16"}, {"aria-hidden", "true"}},
              Element("rect", {{"width", "16"}, {"height", "16"}, {"fill", FillOf(name, tone)}}, Html()));
  return Element("span", colour + Text(" " + words)) + Text(" ");
}

}  // namespace

int ToneOf(v1::EndKind kind) {
  switch (kind) {
    case v1::END_KIND_REACHED:
    case v1::END_KIND_BROUGHT_IN:
      return 0;
    case v1::END_KIND_EXCHANGED:
      return 1;
    case v1::END_KIND_RETURNED:
      return 2;
    case v1::END_KIND_HELD:
      return 3;
    default:
      return kLastTone;
  }
}

Html Bar(const std::string& name, const std::string& label, const std::vector<BarPart>& parts) {
  Wide whole = 0;
  for (const BarPart& part : parts) whole += std::max<std::int64_t>(part.amount, 0);
  Html hatches, rects, keys;
  Wide before = 0;
  for (const BarPart& part : parts) {
    if (part.amount <= 0) continue;
    const auto from = static_cast<std::int64_t>(before * kBarWidth / whole);
    before += part.amount;
    const auto to = static_cast<std::int64_t>(before * kBarWidth / whole);
    const int tone = std::clamp(part.tone, 0, kLastTone);
    if (tone > 0) hatches += Hatch(name, tone);
    rects += Element("rect",
                     {{"x", absl::StrCat(from)},
                      {"width", absl::StrCat(std::max<std::int64_t>(to - from, 1))},
                      {"height", "24"},
                      {"fill", FillOf(name, tone)}},
                     Html());
    if (!part.words.empty()) keys += KeyOf(name, tone, part.words);
  }
  const Html bar = Element("svg",
                           {{"class", "bar"},
                            {"viewBox", "0 0 1000 24"},
                            {"preserveAspectRatio", "none"},
                            {"role", "img"},
                            {"aria-label", label}},
                           (hatches.empty() ? Html() : Element("defs", hatches)) + rects);
  return keys.empty() ? bar : bar + Element("p", {{"class", "keys"}}, keys);
}

Html SmallBar(std::int64_t amount, std::int64_t whole) {
  if (whole <= 0) return {};
  const auto width =
      static_cast<std::int64_t>(Wide{std::clamp<std::int64_t>(amount, 0, whole)} * 100 / whole);
  return Element(
      "svg",
      {{"class", "b"}, {"viewBox", "0 0 100 6"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}},
      Element(
          "rect",
          {{"width", absl::StrCat(std::max<std::int64_t>(width, 1))}, {"height", "6"}, {"fill", kTones[0]}},
          Html()));
}

}  // namespace fundtrail::pages
