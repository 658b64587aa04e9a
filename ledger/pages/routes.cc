// See routes.h.
#include "ledger/pages/routes.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "ledger/pages/escapes.h"

namespace fundtrail::pages {
namespace {

StatusOr<Content> CompareLastYear(const Asking& asking) { return ComparePage(asking, ""); }

constexpr ListRoute kLists[] = {
    {"funds", FundsPage, true},         {"projects", ProjectsPage, true},
    {"payments", PaymentsPage, true},   {"parties", PartiesPage, true},
    {"needs", NeedsPage, true},         {"places", PlacesPage, true},
    {"give", GivePage, true},           {"notices", NoticesPage, true},
    {"concerns", ConcernsPage, true},   {"evaluations", EvaluationsPage, true},
    {"policies", PoliciesPage, true},   {"programmes", ProgrammesPage, true},
    {"check", CheckPage, false},        {"data", DataPage, false},
    {"about", AboutPage, false},        {"glossary", GlossaryPage, false},
    {"idle", IdlePage, true},           {"find", FindPage, false},
    {"findings", FindingsPage, true},   {"committed", CommittedPage, true},
    {"compare", CompareLastYear, true}, {"flows", FlowsPage, true},
};

constexpr ItemRoute kItems[] = {{"party", PartyPage, Word::kNoSuchParty},
                                {"fund", FundPage, Word::kNoSuchFund},
                                {"project", ProjectPage, Word::kNoSuchProject},
                                {"need", NeedPage, Word::kNoSuchNeed},
                                {"place", PlacePage, Word::kNoSuchPlace},
                                {"payment", PaymentPage, Word::kNoSuchPayment},
                                {"programme", ProgrammePage, Word::kNoSuchProgramme}};

constexpr const char* kItemRegisters[] = {"party", "fund", "project", "programme", "need", "place"};

template <typename Routes>
auto RouteNamed(const Routes& routes, std::string_view name) {
  const auto* const end = std::end(routes);
  const auto* const found =
      std::find_if(std::begin(routes), end, [&](const auto& route) { return route.name == name; });
  return found == end ? nullptr : found;
}

bool IsWay(std::string_view part) { return part == "went" || part == "came"; }
// Of several payments, that the question names.
bool IsReceipts(const std::vector<std::string>& parts) { return parts.size() == 1 && IsWay(parts[0]); }
bool IsTrace(const std::vector<std::string>& parts) {
  return parts.size() == 3 && (parts[0] == "party" || parts[0] == "payment") && IsWay(parts[2]);
}

// "need/N/pledge"
bool IsPledge(const std::vector<std::string>& parts) {
  return parts.size() == 3 && parts[0] == "need" && parts[2] == "pledge";
}

}  // namespace

bool IsYearOf(std::string_view list, const std::vector<std::string>& parts) {
  return parts.size() == 2 && parts[0] == list && parts[1].size() == 4 &&
         std::all_of(parts[1].begin(), parts[1].end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<StatementOf> StatementAt(const std::vector<std::string>& parts) {
  if (parts.size() != 3) return std::nullopt;
  if (parts[0] == "party" && parts[2] == "statement") return StatementOf::kParty;
  if (parts[0] == "party" && parts[2] == "below") return StatementOf::kBelow;
  if (parts[0] == "programme" && parts[2] == "statement") return StatementOf::kProgramme;
  return std::nullopt;
}

std::span<const ListRoute> ListRoutes() { return kLists; }
const ItemRoute* FindItemRoute(std::string_view name) { return RouteNamed(kItems, name); }
std::span<const char* const> ItemRegisters() { return kItemRegisters; }

std::string ItemPath(const char* of, const std::string& id) {
  return absl::StrCat("/", of, "/", EscapedPart(id), "/");
}

Status NoSuchPage() { return absl::NotFoundError("this site has no such page"); }

bool HasPicture(const std::vector<std::string>& parts) {
  return IsTrace(parts) || IsReceipts(parts) || (parts.size() == 2 && parts[0] == "party") ||
         (parts.size() == 1 && (parts[0] == "idle" || parts[0] == "places"));
}

bool LeadsSomewhere(const std::vector<std::string>& parts) {
  if (parts.empty()) return true;
  if (parts.size() == 1) return IsReceipts(parts) || RouteNamed(kLists, parts[0]) != nullptr;
  return IsTrace(parts) || IsPledge(parts) || StatementAt(parts).has_value() || IsYearOf("payments", parts) ||
         IsYearOf("compare", parts) || (parts.size() == 2 && RouteNamed(kItems, parts[0]) != nullptr);
}

StatusOr<Content> MakeContent(const Asking& asking) {
  const std::vector<std::string>& parts = asking.address.parts;
  if (parts.empty()) return HomePage(asking);
  if (IsTrace(parts)) {
    const bool party = parts[0] == "party";
    return TracePage(asking, parts[2] == "went" ? v1::FROM : v1::TO, party ? parts[1] : "",
                     party ? "" : parts[1]);
  }
  if (IsReceipts(parts)) return ReceiptsPage(asking, parts[0] == "went" ? v1::FROM : v1::TO);
  if (const auto of = StatementAt(parts); of.has_value()) return StatementPage(asking, *of, parts[1]);
  if (IsPledge(parts)) return PledgePage(asking, parts[1]);
  if (IsYearOf("payments", parts)) return PaymentsPage(asking);
  if (IsYearOf("compare", parts)) return ComparePage(asking, parts[1]);
  if (parts.size() == 1)
    if (const auto* const route = RouteNamed(kLists, parts[0]); route != nullptr) return route->make(asking);
  if (parts.size() == 2)
    if (const auto* const route = RouteNamed(kItems, parts[0]); route != nullptr)
      return route->make(asking, parts[1]);
  return NoSuchPage();
}

}  // namespace fundtrail::pages
