// See apart.h.
#include "cli/render/apart.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

// By what is shown: which of the texts are shown so.
using ByLook = std::unordered_map<std::string, std::vector<std::size_t>>;

// How many bytes all these texts have in common at the front, in whole signs.
std::size_t CommonFront(const std::vector<std::string>& texts, const std::vector<std::size_t>& which) {
  const std::string& first = texts[which.front()];
  std::size_t common = first.size();
  for (const std::size_t i : which) {
    const auto end = first.begin() + static_cast<std::ptrdiff_t>(std::min(common, texts[i].size()));
    common =
        static_cast<std::size_t>(std::mismatch(first.begin(), end, texts[i].begin()).first - first.begin());
  }
  while (common > 0 && common < first.size() &&
         (static_cast<unsigned char>(first[common]) & 0xC0) == 0x80)  // inside a sign
    --common;
  return common;
}

bool AllOneText(const std::vector<std::string>& texts, const std::vector<std::size_t>& which) {
  return std::all_of(which.begin(), which.end(),
                     [&](std::size_t i) { return texts[i] == texts[which.front()]; });
}

// Cuts these texts anew. All of them begin with what `head` was cut from, their first `told` bytes. Of what they have in common
// after that a little is shown, and then that in which they differ. Those that look the same even so are cut once more.
void CutAnew(const std::vector<std::string>& texts, const std::vector<std::size_t>& which,
             const std::string& head, std::size_t told, int columns, std::vector<std::string>* shown) {
  constexpr int kFront = 4,
                kLater = 3;  // a quarter of the columns for the front, three columns for what comes later
  const std::size_t from = CommonFront(texts, which);
  if (told > 0 && from <= told) return;
  const std::string_view first = texts[which.front()];
  const std::string front = head + ClipToWidth(first.substr(told, from - told),
                                               head.empty() ? std::max(2, columns / kFront) : kLater);
  const int room = columns - DisplayWidth(front);
  if (room < 2) return;
  ByLook looks;
  for (const std::size_t i : which) {
    (*shown)[i] = front + ClipToWidth(std::string_view(texts[i]).substr(from), room);
    looks[(*shown)[i]].push_back(i);
  }
  for (const auto& [look, same] : looks)
    if (!AllOneText(texts, same)) CutAnew(texts, same, front, from, columns, shown);
}

}  // namespace

CutTexts CutApart(const std::vector<std::string>& texts, int columns, bool middle) {
  CutTexts cut;
  ByLook looks;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    cut.shown.push_back(middle ? ClipMiddle(texts[i], columns) : ClipToWidth(texts[i], columns));
    looks[cut.shown.back()].push_back(i);
  }
  bool alike = false;
  for (const auto& [look, same] : looks) {
    if (AllOneText(texts, same)) continue;
    alike = true;
    CutAnew(texts, same, "", 0, columns, &cut.shown);
  }
  if (!alike) return cut;
  looks.clear();
  for (std::size_t i = 0; i < texts.size(); ++i) looks[cut.shown[i]].push_back(i);
  cut.apart = std::all_of(looks.begin(), looks.end(),
                          [&](const auto& look) { return AllOneText(texts, look.second); });
  return cut;
}

bool TellApart(const std::vector<Shown>& whole, const std::vector<int>& rooms, std::vector<Shown>* shown) {
  std::map<std::pair<int, std::string>, std::vector<std::size_t>> looks;
  for (std::size_t i = 0; i < whole.size(); ++i) looks[{rooms[i], (*shown)[i].str()}].push_back(i);
  bool apart = true;
  for (const auto& [look, same] : looks) {
    std::vector<std::string> english, chinese;
    for (const std::size_t i : same) {
      english.push_back(whole[i].In(Language::kEnglish));
      chinese.push_back(whole[i].In(Language::kChinese));
    }
    if (std::adjacent_find(english.begin(), english.end(), std::not_equal_to<>()) == english.end()) continue;
    const CutTexts cut = CutApart(english, look.first, true);
    const std::vector<std::string> cut_chinese = CutApart(chinese, look.first, true).shown;
    apart = apart && cut.apart;
    for (std::size_t k = 0; k < same.size(); ++k)
      (*shown)[same[k]] = Shown::Made(cut.shown[k], cut_chinese[k]);
  }
  return apart;
}

}  // namespace fundtrail::render
