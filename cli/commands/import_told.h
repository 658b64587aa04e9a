// How an import went, as imports of all kinds tell it: import_told.cc has the words for payments, import_registers.cc for items.
#pragma once

#include <cstdint>
#include <string>

#include "cli/commands/import_files.h"
#include "cli/render/shown.h"
#include "cli/render/style.h"
#include "ledger/intake/attest_items.h"
#include "ledger/intake/import_summary.h"
#include "ledger/intake/register_import.h"
#include "ledger/model/register_table.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {

// `rejects` is the name of the file with the rejected rows; empty where there is none.
render::Shown PaymentsText(const std::string& file, const intake::ImportSummary& summary,
                           const std::string& rejects, const render::Style& style);
nlohmann::json PaymentsJson(const std::string& file, const intake::ImportSummary& summary,
                            const std::string& rejects);

// What several files came to.
struct PaymentTotals {
  std::uint64_t files = 0;
  intake::ImportSummary all;
};
void AddToTotals(const intake::ImportSummary& summary, PaymentTotals* totals);
ImportedFile TotalOf(const PaymentTotals& totals, const render::Style& style);

render::Shown ItemsText(const std::string& file, const model::Register& of,
                        const intake::RegisterImportSummary& summary, const std::string& rejects);
nlohmann::json ItemsJson(const std::string& file, const intake::RegisterImportSummary& summary,
                         const std::string& rejects);

render::Shown AttestText(const intake::AttestOptions& how, const intake::AttestSummary& summary);
nlohmann::json AttestJson(const intake::AttestOptions& how, const intake::AttestSummary& summary);

}  // namespace fundtrail::cli
