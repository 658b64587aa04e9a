// What is told of errors, in Chinese: each line of messages.def is found by what is made of it, and what has no line stays as it is.
#include "cli/render/messages.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace fundtrail::render {
namespace {

std::string Chinese(std::string_view message) { return MessageIn(Language::kChinese, message); }

TEST_CASE("a message is told in Chinese, with its values as they are") {
  const struct {
    const char* english;
    const char* chinese;
  } kCases[] = {
      {"the server did not answer in time", "服务器没有及时应答"},
      {"hub holds 40.00 CNY in fund flood, and 50.00 CNY should be paid",
       "hub 持有 40.00 CNY（资金 flood），而要付 50.00 CNY"},
      {"hub holds 40.00 CNY in fund flood, project lunches, and 50.00 CNY should be paid",
       "hub 持有 40.00 CNY（资金 flood，项目 lunches），而要付 50.00 CNY"},
      // A value that is a word of the program is told in Chinese; an id that looks like one is not.
      {"there is no party hub", "没有机构 hub"},
      {"there is no party fund", "没有机构 fund"},
      {"party fund ended with record 12", "机构 fund 已随第 12 号记录结束"},
      // Another order.
      {"no key that signed may PAY for party hub at this point of the log",
       "在日志的此处，签名的密钥都没有代表机构 hub 的 PAY 权限"},
      // Where it was stands before what was wrong.
      {"gifts.csv line 7: date: \"x\" is not a day of the calendar",
       "gifts.csv 第 7 行：date：“x”不是历法中的日子"},
      {"--since: \"x\" is not a date written as 2026-01-31", "--since：“x”不是按 2026-01-31 书写的日期"},
      {"config.toml line 2: timeout takes a whole number of seconds, 1 to 86400",
       "config.toml 第 2 行：timeout 须为秒数，整数，1 至 86400"},
      {"FIELD_INVALID: is listed twice", "FIELD_INVALID：列了两次"},
      {"map.toml line 3: not TOML: Error while parsing table header: expected ']', saw 'x'",
       "map.toml 第 3 行：不是 TOML：解析 table header 时出错：应为 ']'，实为 'x'"},
      // A path stays as it is; a colon in a value sets nothing off.
      {"/tmp/a.toml: is listed twice", "/tmp/a.toml: 列了两次"},
      {"\"a: b\" is not a day of the calendar", "“a: b”不是历法中的日子"},
      // Messages in messages.
      {"given up after 3 seconds: the server does not answer: is the address right, is it running, and does "
       "it speak TLS? (failed to connect)",
       "3 秒后放弃：服务器没有应答：地址对吗？它在运行吗？它使用 TLS 吗？ (failed to connect)"},
      {"given up after 60 seconds, asking to wait 1 more (--timeout 60): this server stands by: send the "
       "entry "
       "with --server 127.0.0.1:21773",
       "60 秒后放弃，要求再等 1 秒 (--timeout 60)：此服务器处于待命状态：请用 --server 127.0.0.1:21773 "
       "发送条目"},
      {"earmarks first, then in proportion", "先按指定用途，再按比例"},
      {"the store is damaged: account 5 of project lunches is missing; run verify",
       "存储已损坏：项目 lunches 的账户 5 缺失；请运行 verify"},
      // Of the library that reads the command line.
      {"--key is required", "须给出 --key"},
      {"Where the money of Party a went", "Party a 的钱去了哪里"},
      {"Where the money of project lunches (Warm lunches) in fund relief went",
       "项目 lunches (Warm lunches) 在资金 relief 中的钱去了哪里"},
      {"Where the money of Party a in fund relief in project lunches came from",
       "Party a 在资金 relief、项目 lunches 中的钱从哪里来"},
      {"Where the money of transfer 2.1 came from: A to B, 2026-03-01",
       "转账 2.1 的钱从哪里来：A 至 B，2026-03-01"},
      {"--timeout: Value 0 not in range 1 to 86400", "--timeout：值 0 不在 1 至 86400 的范围内"},
  };
  for (const auto& one : kCases) {
    CHECK(Chinese(one.english) == one.chinese);
    CHECK(MessageIn(Language::kEnglish, one.english) == one.english);
  }
}

TEST_CASE("a line of few words fits only values without blanks, so that it tells no other message wrongly") {
  CHECK(Chinese("--approve-by needs --approve") == "--approve-by 需要 --approve");
  CHECK(Chinese("2026-01-02 is before 2026-03-04") == "2026-01-02 早于 2026-03-04");
  CHECK(Chinese("my gifts.csv rows 2 to 9") == "my gifts.csv 第 2 至 9 行");
  for (const char* message :
       {"whoever pays needs the key of the fund", "a copy needs 3 GB here",
        "the server of the copy is before the newest record", "what was said is of another ledger"})
    CHECK(Chinese(message) == message);
}

TEST_CASE("what no line fits stays English") {
  for (const char* message : {"", "no such message", "hub", "a: b", ": ", "{}", "it is {} and {1!}"})
    CHECK(Chinese(message) == message);
}

TEST_CASE("values are escaped once: a backslash in a message is one that escapes already") {
  const std::string in_message = "this ledger has no party \"a\\\\b\"";  // made of Escaped("a\b")
  CHECK(Told(in_message).str() == in_message);
  CHECK(Told(in_message).In(Language::kChinese) == "本账本没有机构“a\\\\b”");
  CHECK(EscapedMessage("\\\x1b[2J\\") == "\\\\u{001B}[2J\\");
}

TEST_CASE("a message from a server is escaped, and however it is made it takes no long time") {
  CHECK(Told("there is no party a\x1b[2J").In(Language::kChinese) == "没有机构 a\\u{001B}[2J");
  CHECK(Told("there is no party a\x1b[2J").str() == "there is no party a\\u{001B}[2J");
  std::string nested, deep;
  while (nested.size() < 3'900) nested += "the checkpoint: ; ";
  while (deep.size() < 3'900) deep += "a b: ";
  CHECK_FALSE(Chinese(nested).empty());
  CHECK(Chinese(deep) == deep);
  const std::string long_text = "there is no party " + std::string(5'000, 'x');
  CHECK(Chinese(long_text) == long_text);
}

// The line with a value of its own in each place: "{0!}" and "{}" in the order in which they stand.
std::string With(std::string_view line, const std::vector<std::string>& values) {
  std::string text;
  std::size_t next = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '{') {
      text += line[at];
      continue;
    }
    const char first = line[at + 1];
    text += values[first >= '0' && first <= '9' ? static_cast<std::size_t>(first - '0') : next++];
    at = line.find('}', at);
  }
  return text;
}

TEST_CASE("every line of messages.def is found by a message that was made of it") {
  const struct {
    const char* english;
    const char* chinese;
  } kLines[] = {
#define MESSAGE(english, chinese) {english, chinese},
#define FOREIGN(english, chinese) {english, chinese},
#define NAME(english, chinese) {english, chinese},
#define SHORT(english, chinese) {english, chinese},
#include "cli/render/messages.def"
#undef SHORT
#undef NAME
#undef FOREIGN
#undef MESSAGE
  };
  const std::vector<std::string> values = {"V0", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8"};
  for (const auto& line : kLines) CHECK(Chinese(With(line.english, values)) == With(line.chinese, values));
}

}  // namespace
}  // namespace fundtrail::render
