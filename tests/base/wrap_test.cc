// Sentences that are wider than a terminal are broken between words, and nothing of them is lost.
#include "ledger/base/wrap.h"

#include <catch2/catch.hpp>
#include <random>
#include <sstream>
#include <string>

#include "ledger/base/text.h"

namespace fundtrail {
namespace {

TEST_CASE("a line that is too wide is broken between words, and one that fits stays") {
  const struct {
    std::string text;
    int columns;
    std::string wrapped;
  } kCases[] = {
      {"", 10, ""},
      {"\n\n", 10, "\n\n"},
      {"one two", 10, "one two"},
      {"one two three\n", 9, "one two\nthree\n"},
      {"a  table   of blanks\n", 40, "a  table   of blanks\n"},
      {"  in two words\n", 8, "  in two\n  words\n"},
      {"  key   one two three\n", 16, "  key   one two\n        three\n"},
      {"a wide first part  then a gap", 16, "a wide first\npart  then a gap"},
      {"longer-than-the-line at all", 8, "longer-than-the-line\nat all"},
      {"run `fundtrail show 12.3` now", 12, "run\n`fundtrail show 12.3`\nnow"},
      {"a ` alone breaks too", 9, "a ` alone\nbreaks\ntoo"},
      {"付款已记录，未撤销。", 12, "付款已记录，\n未撤销。"},
      {"付款已记录，未撤销。", 10, "付款已记\n录，未撤\n销。"},
      {"共 12 笔（退回 3 笔）", 11, "共 12 笔\n（退回 3\n笔）"},
      {"\x1b[1mone two three\x1b[0m", 9, "\x1b[1mone two\nthree\x1b[0m"},
  };
  for (const auto& one : kCases) {
    INFO(one.text << " in " << one.columns);
    CHECK(Wrapped(one.text, one.columns) == one.wrapped);
  }
}

TEST_CASE("on random texts every line fits, and nothing but blanks and line breaks changes") {
  const std::uint32_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string words[] = {"a",        "of",     "money",    "1,234.00", "资金",
                               "（退回）", "来源。", "e\u0301t", "`a b`",    "\n"};
  const auto without_blanks = [](const std::string& text) {
    std::string rest;
    for (const char c : text)
      if (c != ' ' && c != '\n') rest += c;
    return rest;
  };
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (auto count = random() % 30; count > 0; --count)
      text += words[random() % std::size(words)] + std::string(1 + random() % 2, ' ');
    const int columns = 20 + static_cast<int>(random() % 40);
    const std::string wrapped = Wrapped(text, columns);
    INFO(text << "\n in " << columns << " columns\n" << wrapped);
    CHECK(without_blanks(wrapped) == without_blanks(text));
    std::istringstream lines(wrapped);
    for (std::string line; std::getline(lines, line);) {
      const auto last = line.find_last_not_of(' ');
      CHECK(DisplayWidth(line.substr(0, last + 1)) <= columns);
    }
  }
}

}  // namespace
}  // namespace fundtrail
