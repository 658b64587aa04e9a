// See pages.h.
#include "cli/render/pages.h"

namespace fundtrail::render {
namespace {

bool SameAccount(const v1::Account& a, const v1::Account& b) {
  return a.party() == b.party() && a.fund() == b.fund() && a.project() == b.project() &&
         a.asset() == b.asset();
}

// Of a server they may be anything; what overflows does not add up (cli/client/checks.h), and no more than that.
std::int64_t Sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

void AddPage(const v1::StatementAnswer& page, v1::StatementAnswer* whole) {
  const int before = whole->statements_size();
  const bool goes_on = before > 0 && page.statements_size() > 0 &&
                       SameAccount(whole->statements(before - 1).account(), page.statements(0).account());
  whole->MergeFrom(page);
  if (!goes_on) return;
  auto* first = whole->mutable_statements(before - 1);
  const v1::Statement& next = whole->statements(before);
  first->mutable_lines()->MergeFrom(next.lines());
  first->set_total_in(Sum(first->total_in(), next.total_in()));
  first->set_total_out(Sum(first->total_out(), next.total_out()));
  first->set_minted(Sum(first->minted(), next.minted()));
  first->set_committed_in(Sum(first->committed_in(), next.committed_in()));
  first->set_committed_out(Sum(first->committed_out(), next.committed_out()));
  first->set_committed_minted(Sum(first->committed_minted(), next.committed_minted()));
  first->set_undone_in(Sum(first->undone_in(), next.undone_in()));
  first->set_undone_out(Sum(first->undone_out(), next.undone_out()));
  first->set_within_in(Sum(first->within_in(), next.within_in()));
  first->set_within_out(Sum(first->within_out(), next.within_out()));
  first->set_within_minted(Sum(first->within_minted(), next.within_minted()));
  first->set_held_after(next.held_after());
  whole->mutable_statements()->DeleteSubrange(before, 1);
}

}  // namespace fundtrail::render
