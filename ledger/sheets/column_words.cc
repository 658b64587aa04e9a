// See column_words.h.
#include "ledger/sheets/column_words.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

struct ColumnWords {
  Field field;
  std::string_view words;  // each between two blanks
};

constexpr ColumnWords kColumnWords[] = {
    {Field::kDate,
     " date day paymentdate datepaid paiddate transactiondate valuedate bookingdate paidon dateofpayment "
     "日期 时间 "
     "付款日期 支付日期 拨付日期 拨款日期 交易日期 捐赠日期 捐款日期 捐赠时间 捐款时间 到账日期 到账时间 "
     "记账日期 "},
    {Field::kFrom,
     " from payer donor funder giver sender source paidby paidfrom payername donorname fundername sourceorg "
     "fundingorg fundingorgname fundingorganisation fundingorganization srcorganization "
     "付款方 付款人 付款单位 付方 捐赠方 捐赠人 捐赠者 捐赠单位 捐款人 捐款单位 出资方 出资人 出资单位 "
     "汇款人 来源 "
     "资金来源 拨款单位 拨付单位 支出单位 支付单位 "},
    {Field::kTo,
     " to destorganization recipientorg recipientorgname recipientorganisation recipientorganization "
     "payee recipient beneficiary receiver grantee supplier vendor paidto payeename recipientname "
     "beneficiaryname "
     "suppliername vendorname destorg 收款方 收款人 收款单位 收方 受助方 受助人 受助单位 受益方 受益人 "
     "受益单位 受赠方 "
     "受赠人 受赠单位 接收方 接收单位 接受方 接受单位 去向 资金去向 供应商 供应商名称 "},
    {Field::kAmount,
     " amount amountusd amounteur amountgbp amountcny paidamt value sum total amountpaid paidamount "
     "paymentamount netamount transactionamount 金额 数额 款额 "
     "总额 付款金额 "
     "支付金额 实付金额 捐赠金额 捐款金额 拨付金额 拨款金额 交易金额 到账金额 "},
    {Field::kAsset, " asset currency currencycode cur ccy 币种 货币 币别 货币单位 "},
    {Field::kFund, " fund fundname 资金 基金 资金名称 基金名称 专项资金 专项 "},
    {Field::kProject, " project projectname projectid 项目 项目名称 项目编号 "},
    {Field::kPurpose,
     " purpose description narrative details detail memo note notes remarks remark 用途 资金用途 款项用途 "
     "摘要 备注 说明 "
     "事由 附言 "},
    {Field::kReference,
     " reference ref number no transactionnumber transactionno transactionid invoicenumber invoiceno voucher "
     "voucherno "
     "id 编号 凭证号 凭证编号 流水号 单号 票据号 合同编号 序号 "},
    {Field::kPlace, " place location 地点 地区 区域 "},
};

// Longer ones first.
constexpr LargeNumber kLargeNumbers[] = {{"百万", 1'000'000}, {"千万", 10'000'000}, {"十亿", 1'000'000'000},
                                         {"万", 10'000},      {"萬", 10'000},       {"亿", 100'000'000},
                                         {"億", 100'000'000}, {"千", 1'000}};

// What may follow such a word in a title, where nothing sets it off: "金额万元".
constexpr std::string_view kMoneyWords[] = {"元", "美元", "欧元", "港元", "日元", "人民币"};

constexpr std::string_view kOpening[] = {"(", "（", "[", "【"};

// Where a bracket opens; the end when none does.
std::size_t BracketAt(std::string_view title) {
  std::size_t at = title.size();
  for (const std::string_view bracket : kOpening) at = std::min(at, title.find(bracket));
  return at;
}

bool BeginsWithMoney(std::string_view text) {
  return std::any_of(std::begin(kMoneyWords), std::end(kMoneyWords),
                     [&](std::string_view word) { return text.substr(0, word.size()) == word; });
}

// Where "万元" or the like stands; the end when nowhere.
std::size_t MoneyWordAt(std::string_view title) {
  for (std::size_t at = 0; at < title.size(); ++at) {
    const auto number = LargeNumberAt(title.substr(at));
    if (number.has_value() && BeginsWithMoney(title.substr(at + number->word.size()))) return at;
  }
  return title.size();
}

// Where the words that stand for large numbers may begin: behind a bracket or a mark that sets off a unit.
std::string_view UnitOf(std::string_view title) {
  static constexpr std::string_view kMarks[] = {"(", "（", "[", "【", ":", "：", "/", "单位"};
  std::string_view unit = title;
  for (const std::string_view mark : kMarks) {
    const std::size_t at = unit.rfind(mark);
    if (at != std::string_view::npos) unit = unit.substr(at + mark.size());
  }
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  return unit.size() == title.size() ? std::string_view() : unit;
}

}  // namespace

std::string TitleWord(std::string_view title) {
  const std::string line = SingleLine(title);
  const std::string_view front = std::string_view(line).substr(0, BracketAt(line));
  std::string word;
  for (const char c : front.substr(0, MoneyWordAt(front))) {
    if (c != ' ' && c != '_' && c != '-' && c != '.' && c != ':')
      word += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return word;
}

std::optional<Field> FieldNamed(std::string_view title) {
  const std::string own = TitleWord(title);
  if (own.empty()) return std::nullopt;
  for (std::size_t i = 0; i < kFieldCount; ++i)
    if (own == TitleWord(NameOf(static_cast<Field>(i)))) return static_cast<Field>(i);
  const std::string word = " " + own + " ";
  const auto* const found =
      std::find_if(std::begin(kColumnWords), std::end(kColumnWords),
                   [&](const ColumnWords& of) { return of.words.find(word) != std::string_view::npos; });
  return found == std::end(kColumnWords) ? std::nullopt : std::optional<Field>(found->field);
}

std::int64_t FactorNamed(std::string_view title) {
  const std::string line = SingleLine(title);
  const std::string_view text = line;
  if (const std::size_t at = MoneyWordAt(text); at < text.size())
    return LargeNumberAt(text.substr(at))->factor;
  const auto number = LargeNumberAt(UnitOf(text));
  constexpr std::int64_t kThousand = 1000;  // 千克 is a kilogram, and no thousand of anything here
  return number.has_value() && number->factor != kThousand ? number->factor : 1;
}

std::optional<LargeNumber> LargeNumberAt(std::string_view text) {
  const auto* const found = std::find_if(
      std::begin(kLargeNumbers), std::end(kLargeNumbers),
      [&](const LargeNumber& number) { return text.substr(0, number.word.size()) == number.word; });
  return found == std::end(kLargeNumbers) ? std::nullopt : std::optional<LargeNumber>(*found);
}

}  // namespace fundtrail::sheets
