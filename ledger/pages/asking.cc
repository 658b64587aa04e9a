// See asking.h.
#include "ledger/pages/asking.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/base/language.h"
#include "ledger/base/quantity.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/model/references.h"
#include "ledger/query/proofs.h"

namespace fundtrail::pages {
namespace {

constexpr std::int64_t kFewestPeopleShown = 5;

// As people in China say how large it is: "2,096 万", "3.1 亿". Nothing below ten thousand.
std::string ChineseSize(std::int64_t amount, std::uint32_t decimals) {
  std::int64_t unit = 1;
  for (std::uint32_t i = 0; i < decimals; ++i) unit *= 10;
  const std::int64_t whole = amount / unit;
  constexpr std::int64_t kWan = 10'000, kYi = 100'000'000;
  if (whole < kWan) return "";
  if (whole < kYi - kWan / 2) return absl::StrCat(FormatDecimal(Amount((whole + kWan / 2) / kWan), 0), " 万");
  return absl::StrCat(FormatDecimal(Amount(whole / (kYi / 10) + (whole % (kYi / 10) >= kYi / 20 ? 1 : 0)), 1),
                      " 亿");
}

std::string NamePlain(const std::string& id, const std::string& name) { return name.empty() ? id : name; }

}  // namespace

std::string MoneyText(std::int64_t amount, std::uint32_t decimals) {
  return FormatDecimal(Amount(amount), static_cast<int>(std::min<std::uint32_t>(decimals, kMaxDecimals)));
}
std::string PlainMoneyText(std::int64_t amount, std::uint32_t decimals) {
  return FormatPlain(Amount(amount), static_cast<int>(std::min<std::uint32_t>(decimals, kMaxDecimals)));
}
std::string NumberText(std::uint64_t number) {
  return MoneyText(static_cast<std::int64_t>(std::min<std::uint64_t>(number, INT64_MAX)), 0);
}

std::uint64_t Asking::last_record() const {
  return as_of().value_or(std::max<std::uint64_t>(view.checkpoint.size(), 1) - 1);
}

std::string Asking::To(std::string_view path) const {
  std::string to = address.ToRoot();
  absl::StrAppend(&to, address.Front(), absl::string_view(path.data(), path.size()));
  return to;
}

std::string Asking::Whole(std::string_view path) const {
  Address live = address;
  live.as_of.reset();
  return absl::StrCat(base.empty() ? address.ToRoot() : base + "/", live.Front(),
                      absl::string_view(path.data(), path.size()));
}

Html Asking::Link(std::string_view path, const Html& content) const {
  if (in_folder()) {
    path = path.substr(0, path.find('?'));
    if (!Has(absl::StrCat(address.Front(), absl::string_view(path.data(), path.size())))) return content;
  }
  return Element("a", {{"href", To(path)}}, content);
}

Html Asking::LinkIfThere(const std::string& path, const std::string& query, Word word) const {
  return Has(address.Front() + path) ? Link(path + query, word) : Html();
}

Html Asking::Again(const std::vector<std::pair<std::string, std::string>>& instead,
                   const Html& content) const {
  if (in_folder()) return content;
  return Element("a", {{"href", absl::StrCat("./", address.QueryWith(instead))}, {"rel", "nofollow"}},
                 content);
}

Html Asking::Party(const std::string& id, const std::string& name) const {
  if (id.empty()) return {};
  return Link(PartyPath(id), Name(NamePlain(id, name)));
}
Html Asking::Fund(const std::string& id) const { return id.empty() ? Html() : Link(FundPath(id), Name(id)); }
Html Asking::Project(const std::string& id) const {
  return id.empty() ? Html() : Link(ProjectPath(id), Name(id));
}
Html Asking::Programme(const std::string& id) const {
  return id.empty() ? Html() : Link(ProgrammePath(id), Name(id));
}
Html Asking::Place(const std::string& id, const std::string& name) const {
  return id.empty() ? Html() : Link(PlacePath(id), Name(NamePlain(id, name)));
}
Html Asking::Need(const std::string& id) const { return id.empty() ? Html() : Link(NeedPath(id), Name(id)); }
Html Asking::Payment(std::uint64_t record, std::uint32_t line) const {
  return Link(PaymentPath(record, line), Text(absl::StrCat(record, ".", line)));
}

Html Asking::Counted(Word word, std::uint64_t count, std::vector<Html> more) const {
  more.insert(more.begin(), Text(NumberText(count)));
  return SayCounted(language(), word, count, more);
}
std::string Asking::CountedWords(Word word, std::uint64_t count, std::vector<std::string> more) const {
  more.insert(more.begin(), NumberText(count));
  return SayTextCounted(language(), word, count, more);
}
Html Asking::Day(const std::string& day) const { return Text(DayInWords(LanguageTag(language()), day)); }

std::string Asking::Money(std::int64_t amount, std::uint32_t decimals, const std::string& asset) const {
  return absl::StrCat(MoneyText(amount, decimals), " ", asset);
}
std::string Asking::MoneyInWords(std::int64_t amount, std::uint32_t decimals,
                                 const std::string& asset) const {
  std::string text = Money(amount, decimals, asset);
  if (language() != Language::kChinese) return text;
  const std::string size = ChineseSize(amount, std::min<std::uint32_t>(decimals, kMaxDecimals));
  if (!size.empty()) absl::StrAppend(&text, "（约 ", size, "）");
  return text;
}

bool IsKnownMethod(std::string_view method) { return method == "earmarks first, then first in, first out"; }
std::string MethodWords(const Asking& asking, const std::string& method) {
  return IsKnownMethod(method) ? asking.Words(Word::kFirstInFirstOut) : method;
}

Cell WordCell(const std::string& text) { return {Text(text), text}; }
Cell NameCell(const std::string& text) { return {text.empty() ? Html() : Name(text), text}; }
Cell FileCell(const std::string& text) { return {Html(), text}; }
Cell MoneyCell(std::int64_t amount, std::uint32_t decimals) {
  return {Text(MoneyText(amount, decimals)), PlainMoneyText(amount, decimals)};
}
Cell NumberCell(std::uint64_t number) { return {Text(NumberText(number)), absl::StrCat(number)}; }
Cell PeopleCell(std::int64_t people) {
  if (people > 0 && people < kFewestPeopleShown) return WordCell("<5");
  return {Text(MoneyText(people, 0)), PlainMoneyText(people, 0)};
}
// A file shows nothing: it has what is plain.
Cell PartyCell(const Asking& asking, const std::string& id, const std::string& name) {
  return {asking.wants_csv() ? Html() : asking.Party(id, name), name};
}
Cell FundCell(const Asking& asking, const v1::Account& account) {
  if (asking.wants_csv()) return {Html(), account.fund()};
  Html shown = asking.Fund(account.fund());
  if (!account.project().empty())
    shown += asking.Shown(Word::kInProject, {asking.Project(account.project())});
  return {shown, account.fund()};
}
Cell PaymentCell(const Asking& asking, const v1::TransferRef& ref) {
  return {asking.wants_csv() ? Html() : asking.Payment(ref.record(), ref.line()), model::RefText(ref)};
}

StatusOr<std::string> JsonText(const Asking& asking, const google::protobuf::Message& message) {
  if (const auto* const checkpoint = message.GetDescriptor()->FindFieldByName("as_of");
      asking.as_of().has_value() && checkpoint != nullptr &&
      message.GetReflection()->HasField(message, checkpoint)) {
    const std::unique_ptr<google::protobuf::Message> pinned(message.New());
    pinned->CopyFrom(message);
    FT_ASSIGN_OR_RETURN(const v1::CheckpointRef then, query::TreeAfter(asking.view, *asking.as_of()));
    pinned->GetReflection()->MutableMessage(pinned.get(), checkpoint)->CopyFrom(then);
    return model::ProtobufJson(*pinned);
  }
  return model::ProtobufJson(message);
}

Html TableOnPage(const Asking& asking, const Table& table, const std::string& next, std::size_t most) {
  if (table.empty()) return asking.Paragraph(Word::kNothingHere, {Text(table.caption())});
  Html shown = table.Shown(most);
  if (table.size() > most) shown += Element("p", asking.Counted(Word::kMoreRows, table.size() - most));
  if (!next.empty() && asking.in_folder()) shown += asking.Paragraph(Word::kRestInFile);
  if (!next.empty() && !asking.in_folder())
    shown += Element("p", asking.Again({{"after", next}}, asking.Shown(Word::kNextPage)));
  return shown;
}

std::string TableInFile(const Asking& asking, const Table& table, const std::string& next) {
  std::string text = table.Csv(asking.asked("raw") == "1");
  if (!next.empty()) text += FileCut(asking, table.size(), next);
  return text;
}

std::string FileCut(const Asking& asking, std::uint64_t rows, const std::string& next) {
  return absl::StrCat(asking.Words(Word::kFileCut, {NumberText(rows), next}), "\n");
}

}  // namespace fundtrail::pages
