// See apart.h.
#include "cli/render/apart.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <unordered_map>

#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

// How many bytes all these texts have in common at the front, in whole signs.
std::size_t CommonFront(const std::vector<std::string>& texts, const std::vector<std::size_t>& which) {
  const std::string& first = texts[which.front()];
  std::size_t common = first.size();
  for (const std::size_t i : which) {
    const auto end = first.begin() + static_cast<std::ptrdiff_t>(std::min(common, texts[i].size()));
    common =
        static_cast<std::size_t>(std::mismatch(first.begin(), end, texts[i].begin()).first - first.begin());
  }
  const auto is_inside = [&](std::size_t at) {
    return at < first.size() && (static_cast<unsigned char>(first[at]) & 0xC0) == 0x80;
  };
  while (common > 0 && is_inside(common)) --common;
  return common;
}

// The sign that begins there; empty at the end.
std::string SignAt(const std::string& text, std::size_t at) {
  std::size_t end = std::min(at + 1, text.size());
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return text.substr(std::min(at, text.size()), end - std::min(at, text.size()));
}

// Whether two texts that differ are shown in the same way.
bool LookAlike(const std::vector<std::string>& texts, const std::vector<std::size_t>& which,
               const std::vector<std::string>& shown) {
  std::unordered_map<std::string_view, std::size_t> looks;
  return std::any_of(which.begin(), which.end(), [&](std::size_t i) {
    return texts[looks.emplace(shown[i], i).first->second] != texts[i];
  });
}

// Cuts these texts anew. All of them have their first `told` bytes in common, which `head` shows. Of what they have in common after
// that a little is shown, and then that in which they differ. Those that go on with one sign, and look the same even so, are
// cut once more. What is shown of others differs in that sign.
void CutAnew(const std::vector<std::string>& texts, const std::vector<std::size_t>& which,
             const std::string& head, std::size_t told, int columns, std::vector<std::string>* shown) {
  constexpr int kFront = 4;  // a quarter of the columns for the front
  constexpr int kLater = 3;  // and three columns for what comes later
  const std::size_t from = CommonFront(texts, which);
  std::string front = head;
  if (from > told) {
    const std::string_view common = std::string_view(texts[which.front()]).substr(told, from - told);
    front += ClipToWidth(common, head.empty() ? std::max(2, columns / kFront) : kLater);
    const int room = columns - DisplayWidth(front);
    if (room < 2) return;
    for (const std::size_t i : which)
      (*shown)[i] = front + ClipToWidth(std::string_view(texts[i]).substr(from), room);
    if (!LookAlike(texts, which, *shown)) return;
  } else if (told > 0) {
    return;
  }
  std::map<std::string, std::vector<std::size_t>> by_sign;
  for (const std::size_t i : which) by_sign[SignAt(texts[i], from)].push_back(i);
  for (const auto& [sign, same] : by_sign)
    if (LookAlike(texts, same, *shown)) CutAnew(texts, same, front, from, columns, shown);
}

}  // namespace

CutTexts CutApart(const std::vector<std::string>& texts, int columns, bool middle) {
  CutTexts cut;
  std::vector<std::size_t> all, long_ones;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    cut.shown.push_back(middle ? ClipMiddle(texts[i], columns) : ClipToWidth(texts[i], columns));
    all.push_back(i);
    if (cut.shown.back() != texts[i]) long_ones.push_back(i);
  }
  if (!LookAlike(texts, all, cut.shown)) return cut;
  CutAnew(texts, long_ones, "", 0, columns, &cut.shown);
  cut.apart = !LookAlike(texts, all, cut.shown);
  return cut;
}

bool TellApart(const std::vector<Shown>& whole, const std::vector<int>& rooms, std::vector<Shown>* shown) {
  std::map<int, std::vector<std::size_t>> by_room;
  for (std::size_t i = 0; i < whole.size(); ++i) by_room[rooms[i]].push_back(i);
  bool apart = true;
  for (const auto& [room, which] : by_room) {
    std::vector<std::string> english, chinese, looks;
    std::vector<std::size_t> all;
    for (const std::size_t i : which) {
      all.push_back(all.size());
      english.push_back(whole[i].In(Language::kEnglish));
      chinese.push_back(whole[i].In(Language::kChinese));
      looks.push_back((*shown)[i].str());
    }
    if (!LookAlike(english, all, looks)) continue;
    const CutTexts cut = CutApart(english, room, true);
    const CutTexts cut_chinese = CutApart(chinese, room, true);
    apart = apart && cut.apart;
    for (std::size_t k = 0; k < which.size(); ++k)
      (*shown)[which[k]] = Shown::Made(cut.shown[k], cut_chinese.shown[k]);
  }
  return apart;
}

}  // namespace fundtrail::render
