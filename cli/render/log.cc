// See log.h.
#include "cli/render/log.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"

namespace fundtrail::render {
namespace {

constexpr std::size_t kMaxShownIds = 20;
constexpr std::size_t kDayLetters = 10;    // "2026-03-01"
constexpr std::size_t kShortKeyBytes = 4;  // of a key among several
constexpr std::int64_t kMaxSum = INT64_MAX;

// "register-party", as --kind takes it.
std::string ActionWord(const std::string& kind) { return absl::StrReplaceAll(kind, {{"_", "-"}}); }

// The same for people. A server may say anything: only an action that there is has Chinese.
Shown ActionShown(const std::string& kind) {
  const bool known = v1::Action::descriptor()->FindFieldByName(kind) != nullptr;
  return known ? OwnWord(ActionWord(kind)) : Safe(ActionWord(kind));
}

// In Chinese, with the word that --kind takes behind it.
Shown ActionForKind(const std::string& kind) {
  const Shown word = ActionShown(kind);
  const std::string& chinese = word.In(Language::kChinese);
  return Shown::Made(word.str(), chinese == word.str() ? chinese : chinese + " (" + word.str() + ")");
}

void AddWord(const Shown& word, Shown* words) {
  *words += words->empty() ? word : Shown::Made(", ", "，") + word;
}

// Of a server they may be anything.
void AddSum(const v1::LogSum& more, v1::LogSum* sum) {
  sum->set_transfers(sum->transfers() + more.transfers());
  std::int64_t amount = 0;
  const bool over = __builtin_add_overflow(sum->amount(), more.amount(), &amount);
  sum->set_amount(over ? kMaxSum : amount);
}

std::string KindsOf(const v1::LogLine& line) {
  std::vector<std::string> words;
  for (const v1::LogKind& kind : line.kinds())
    words.push_back(absl::StrCat(ActionWord(kind.kind()), " ", Number(kind.count())));
  return absl::StrJoin(words, ", ");
}

Shown KindsShown(const v1::LogLine& line) {
  Shown words;
  for (const v1::LogKind& kind : line.kinds())
    AddWord(Say("{} {}", ActionShown(kind.kind()), Number(kind.count())), &words);
  return words;
}

// In a pipe, whole keys.
std::string SignersOf(const v1::LogLine& line, bool whole) {
  std::vector<std::string> words;
  for (const std::string& key : line.signers())
    words.push_back(whole ? HexEncode(key) : HexEncode(key.substr(0, kShortKeyBytes)) + "…");
  return absl::StrJoin(words, whole ? " " : ", ");
}

std::string PaidIn(const v1::LogLine& line) {
  std::vector<std::string> words;
  for (const v1::LogMoney& money : line.money())
    if (money.paid().transfers() > 0)
      words.push_back(absl::StrCat(Money(money.paid().amount(), money.decimals()), " ", money.asset()));
  return absl::StrJoin(words, ", ");
}

std::string DayOf(std::int64_t micros) { return ToString(Timestamp(micros)).substr(0, kDayLetters); }

Cell SumCell(const v1::LogSum& sum, std::uint32_t decimals) {
  return sum.transfers() == 0 ? Cell("") : Cell(Money(sum.amount(), decimals));
}

}  // namespace

void LogTotal::Add(const v1::LogLine& line) {
  ++records_;
  more_items_ += line.more_items();
  authors_.insert(line.author());
  for (const v1::LogKind& kind : line.kinds()) kinds_[kind.kind()] += kind.count();
  for (const v1::LogMoney& more : line.money()) {
    MoneyTotal& money = money_[more.asset()];
    money.decimals = more.decimals();
    AddSum(more.paid(), &money.paid);
    AddSum(more.moved(), &money.moved);
    AddSum(more.sent_back(), &money.sent_back);
    AddSum(more.committed(), &money.committed);
    AddSum(more.withdrawn(), &money.withdrawn);
  }
  for (const v1::LogItem& item : line.items()) {
    if (item.register_().empty()) {
      keys_.push_back({item.id(), item.party(), line.index(), item.ends()});
      continue;
    }
    OfRegister& of = registers_[item.register_()];
    if (item.ends()) {
      ++of.ended;
    } else if (item.amends()) {
      ++of.amended;
    } else {
      ++of.opened;
      if (of.ids.size() < kMaxShownIds) of.ids.push_back(item.id());
    }
  }
}

Shown LogTotal::Text(const Style& style) const {
  Shown text = Say("Records: {}. Authors: {}.\n", Number(records_), Number(authors_.size()));
  Shown words;
  for (const auto& [kind, count] : kinds_) AddWord(Say("{} {}", ActionForKind(kind), Number(count)), &words);
  if (!words.empty()) text += Say("Actions: {}.\n", words);
  if (money_.empty()) return text;
  Table table({{"asset", false, true},
               {"transfers", true},
               {"paid", true},
               {"moved", true},
               {"sent back", true},
               {"committed", true},
               {"taken back", true}});
  for (const auto& [asset, money] : money_) {
    const std::uint64_t transfers = money.paid.transfers() + money.moved.transfers() +
                                    money.sent_back.transfers() + money.committed.transfers() +
                                    money.withdrawn.transfers();
    table.Add({asset, Number(transfers), SumCell(money.paid, money.decimals),
               SumCell(money.moved, money.decimals), SumCell(money.sent_back, money.decimals),
               SumCell(money.committed, money.decimals), SumCell(money.withdrawn, money.decimals)});
  }
  return text + table.Text(style) +
         Toned(style, Tone::kDim,
               "Moved: between accounts of one party. Taken back: commitments that are not paid.\n");
}

Shown LogTotal::Items(const Style& style) const {
  Shown text;
  if (!registers_.empty()) {
    Column ids_of_new{"ids of the new"};
    ids_of_new.below = true;
    Table table({{"register", false, true}, {"new", true}, {"amended", true}, {"ended", true}, ids_of_new});
    for (const auto& [name, of] : registers_) {
      std::string ids = absl::StrJoin(of.ids, ", ");
      if (of.opened > of.ids.size()) absl::StrAppend(&ids, ", …");
      table.Add({RegisterWord(name), Number(of.opened), Number(of.amended), Number(of.ended), ids});
    }
    text += "\n" + table.Text(style);
  }
  if (!keys_.empty()) {
    Column changed{"key", false, true};
    changed.below = true;
    Table table({changed, {"record", true}, {"was"}, {"for"}});
    for (const KeyChange& change : keys_)
      table.Add({change.key, Number(change.record), change.taken ? Cell("taken back") : Cell("given"),
                 change.party.empty() ? Cell("the ledger's checkpoints") : Cell(change.party)});
    text += "\n" + table.Text(style);
  }
  if (more_items_ > 0)
    text += Say("Items and keys left out: {}. `show RECORD` has all of a record.\n", Number(more_items_));
  return text;
}

Shown Text(const v1::LogAnswer& answer, const v1::LogRequest& request, bool between, const Style& style) {
  Shown heading =
      request.oldest_first()
          ? Say("Records {} to {}, the oldest first", Number(request.from()), Number(answer.to()))
          : Say("Records {} to {}, the newest first", Number(request.from()), Number(answer.to()));
  if (!request.author().empty()) heading += Say(", author {}", request.author());
  if (!request.signer().empty()) heading += Say(", signed by {}", HexEncode(request.signer()));
  if (!request.signer_party().empty()) heading += Say(", signed for {}", request.signer_party());
  Shown kinds;
  for (const std::string& kind : request.kinds()) AddWord(ActionShown(kind), &kinds);
  if (!kinds.empty()) heading += Say(", with {}", kinds);
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Column what{"what"};
  what.below = true;
  Table table({{"record", true},
               {"recorded", false, true},
               {"dated", false, true},
               {"author", false, true},
               what,
               {"paid", true},
               {"signers"}});
  LogTotal total;
  for (const v1::LogLine& line : answer.records()) {
    total.Add(line);
    table.Add({std::to_string(line.index()), DayOf(line.recorded_micros()), line.date(), line.author(),
               KindsShown(line), PaidIn(line), SignersOf(line, style.width == kEndless)});
  }
  text += table.empty() ? Shown("No record fits.\n") : table.Text(style) + total.Text(style);
  if (between) text += total.Items(style);
  return text + CountOf({"record", "records"}, answer.records_size(), answer, !request.after().empty()) +
         AsOf(answer.as_of(), style);
}

std::string LogCsvHeader() {
  return CsvTitles({"record", "recorded", "date", "author", "author_name", "signers", "actions", "asset",
                    "paid", "paid_transfers", "moved", "moved_transfers", "sent_back", "sent_back_transfers",
                    "committed", "committed_transfers", "withdrawn", "withdrawn_transfers", "memo"});
}

std::string LogCsvLines(const v1::LogAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::LogLine& line : answer.records()) {
    const int rows = std::max(line.money_size(), 1);
    for (int i = 0; i < rows; ++i) {
      const v1::LogMoney& money = i < line.money_size() ? line.money(i) : v1::LogMoney::default_instance();
      std::vector<std::string> values = {std::to_string(line.index()),
                                         ToString(Timestamp(line.recorded_micros())),
                                         line.date(),
                                         line.author(),
                                         line.author_name(),
                                         SignersOf(line, true),
                                         KindsOf(line),
                                         money.asset()};
      for (const v1::LogSum* sum :
           {&money.paid(), &money.moved(), &money.sent_back(), &money.committed(), &money.withdrawn()}) {
        const bool none = sum->transfers() == 0;
        values.push_back(none ? "" : PlainMoney(sum->amount(), money.decimals()));
        values.push_back(none ? "" : std::to_string(sum->transfers()));
      }
      values.push_back(line.memo());
      text += CsvRow(values, answer.as_of(), cells);
    }
  }
  return text;
}

}  // namespace fundtrail::render
