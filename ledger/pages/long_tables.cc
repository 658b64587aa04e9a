// See long_tables.h.
#include "ledger/pages/long_tables.h"

#include <utility>
#include <vector>

#include "ledger/pages/payments.h"
#include "ledger/pages/routes.h"
#include "ledger/pages/statements.h"

namespace fundtrail::pages {
namespace {

// Neither what an address asks for nor a row of a file needs a row of the ledger.
struct Unasked {
  query::View view;
  std::string none;
};
Asking AskingOf(const Unasked& unasked, const Address& address) {
  return {unasked.view, address, unasked.none, unasked.none};
}

std::string PaymentsPiece(const Address& address, const v1::ListAnswer& piece, bool first) {
  const Unasked unasked{};
  return PaymentsCsv(AskingOf(unasked, address), piece, first);
}

std::string StatementPiece(const Address& address, const v1::StatementAnswer& piece, bool first) {
  const Unasked unasked{};
  return StatementCsv(AskingOf(unasked, address), piece, first);
}

template <typename Table, typename Request>
std::optional<AnyLongTable> TableOf(const Address& address, StatusOr<Request> asked,
                                    decltype(Table::csv) csv) {
  if (!asked.ok()) return std::nullopt;
  asked->set_limit(0);  // all
  return AnyLongTable(Table{address, *std::move(asked), csv});
}

}  // namespace

std::optional<AnyLongTable> LongTableAt(const PageRequest& request, std::uint64_t as_of) {
  auto address = ReadAddress(request.path, request.query);
  if (!address.has_value() || address->form != Form::kCsv || address->followed ||
      !KeyNotTaken(*address).empty())
    return std::nullopt;
  if (!address->as_of.has_value()) address->as_of = as_of;
  const Unasked unasked{};
  const Asking asking = AskingOf(unasked, *address);
  const std::vector<std::string>& parts = address->parts;
  const bool payments = parts == std::vector<std::string>{"payments"} || IsYearOf("payments", parts);
  if (payments && !address->Asked("sort").empty()) return std::nullopt;  // all are put in order first
  if (payments) return TableOf<PaymentsTable>(*address, PaymentsAsked(asking), PaymentsPiece);
  if (const auto of = StatementAt(parts); of.has_value())
    return TableOf<StatementTable>(*address, StatementAsked(asking, *of, parts[1]), StatementPiece);
  return std::nullopt;
}

}  // namespace fundtrail::pages
