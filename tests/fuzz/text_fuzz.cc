// The small parsers: amounts, dates, references, and what makes text safe to print.
#include "ledger/base/date.h"
#include "ledger/base/decimal.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/sheets/money_text.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail;
  const std::string_view text = AsText(data, size);
  const auto date = ParseDate(text);
  if (date.ok()) FUZZ_CHECK(ToString(*date) == text);
  const auto ref = model::ParseRef(text);
  if (ref.ok() && ref->line != 0 && text.front() != '0')
    FUZZ_CHECK(model::RefText(*ref).size() <= text.size());
  const std::string line = SingleLine(text);
  FUZZ_CHECK(CheckText("line", line, 3 * size).ok());
  const auto money = sheets::SplitMoney(line);
  if (money.ok()) FUZZ_CHECK(money->number.size() <= line.size());
  const NameBook names;
  FUZZ_CHECK(names.Judge({{"id", std::string(text)}}).size() <= 1);
  const std::string safe = Escaped(text);
  for (const char c : safe) FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  FUZZ_CHECK(DisplayWidth(ClipToWidth(safe, 20)) <= 20);
  return 0;
}
