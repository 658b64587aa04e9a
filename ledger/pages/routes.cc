// See routes.h.
#include "ledger/pages/routes.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/text.h"
#include "ledger/pages/escapes.h"

namespace fundtrail::pages {
namespace {

StatusOr<Content> CompareLastYear(const Asking& asking) { return ComparePage(asking, ""); }

constexpr ListRoute kLists[] = {
    {"funds", FundsPage, true, "after raw"},
    {"projects", ProjectsPage, true, "after raw"},
    {"payments", PaymentsPage, true, "party fund project kind asset min since until joined sort after raw"},
    {"parties", PartiesPage, true, "fund asset since until kind by place sort after raw"},
    {"needs", NeedsPage, true, "place category after raw"},
    {"places", PlacesPage, true, "category asset after raw"},
    {"give", GivePage, true, "place category raw"},
    {"notices", NoticesPage, true, "place category raw"},
    {"concerns", ConcernsPage, true, "place party after raw"},
    {"evaluations", EvaluationsPage, true, "project party after raw"},
    {"policies", PoliciesPage, true, "place category after raw"},
    {"programmes", ProgrammesPage, true, "after raw"},
    {"check", CheckPage, false, ""},
    {"data", DataPage, false, ""},
    {"about", AboutPage, false, ""},
    {"glossary", GlossaryPage, false, ""},
    {"idle", IdlePage, true, "party fund asset sort after raw"},
    {"find", FindPage, false, "q kind since until suggest after raw"},
    {"findings", FindingsPage, true, "party fund kind after raw"},
    {"committed", CommittedPage, true, "party fund asset since until by raw"},
    {"compare", CompareLastYear, true, "fund asset since until against-since against-until by sort raw"},
    {"flows", FlowsPage, true, "fund asset since until by party joined raw"},
};

constexpr ItemRoute kItems[] = {{"party", PartyPage, Word::kNoSuchParty, "joined raw"},
                                {"fund", FundPage, Word::kNoSuchFund, "raw"},
                                {"project", ProjectPage, Word::kNoSuchProject, "raw"},
                                {"need", NeedPage, Word::kNoSuchNeed, "raw"},
                                {"place", PlacePage, Word::kNoSuchPlace, "category asset after raw"},
                                {"payment", PaymentPage, Word::kNoSuchPayment, "raw"},
                                {"programme", ProgrammePage, Word::kNoSuchProgramme, "raw"}};

// What is below the page of an item; and several payments at once.
constexpr std::string_view kPartyTraceKeys = "fund asset since until joined method raw",
                           kPaymentTraceKeys = "asset method raw", kReceiptsKeys = "refs asset method raw",
                           kStatementKeys = "fund since until joined after raw",
                           kProgrammeStatementKeys = "party fund since until after raw";
constexpr std::string_view kAssetKey = "asset";

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

std::optional<std::string_view> KeysOf(const Address& address) {
  const std::vector<std::string>& parts = address.parts;
  if (parts.empty()) return "";
  if (IsTrace(parts)) return parts[0] == "party" ? kPartyTraceKeys : kPaymentTraceKeys;
  if (IsReceipts(parts)) return kReceiptsKeys;
  if (const auto of = StatementAt(parts); of.has_value())
    return *of == StatementOf::kProgramme ? kProgrammeStatementKeys : kStatementKeys;
  if (IsPledge(parts)) return "";
  if (parts.size() == 1 || IsYearOf("payments", parts) || IsYearOf("compare", parts))
    if (const auto* const route = RouteNamed(kLists, parts[0]); route != nullptr) return route->keys;
  if (parts.size() == 2)
    if (const auto* const route = RouteNamed(kItems, parts[0]); route != nullptr) return route->keys;
  return std::nullopt;
}

std::string KeyNotTaken(const Address& address) {
  const auto keys = KeysOf(address);
  if (!keys.has_value()) return "";
  const std::vector<absl::string_view> taken = absl::StrSplit(Abseil(*keys), ' ');
  for (const auto& [key, value] : address.query) {
    // A picture is of one asset.
    const bool of_picture = address.form == Form::kSvg && key == kAssetKey && HasPicture(address.parts);
    if (!of_picture && std::find(taken.begin(), taken.end(), key) == taken.end()) return key;
  }
  return "";
}

Status CheckKeys(const Address& address) {
  const std::string key = KeyNotTaken(address);
  if (key.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(Escaped(key), ": this page does not take it; leave it out of the address"));
}

Status NoSuchPage() { return absl::NotFoundError("this site has no such page"); }

bool HasPicture(const std::vector<std::string>& parts) {
  return HasCard(parts) || (parts.size() == 2 && parts[0] == "party") ||
         (parts.size() == 1 && (parts[0] == "idle" || parts[0] == "places"));
}

bool HasCard(const std::vector<std::string>& parts) { return IsTrace(parts) || IsReceipts(parts); }

bool LeadsSomewhere(const std::vector<std::string>& parts) {
  if (parts.empty()) return true;
  if (parts.size() == 1) return IsReceipts(parts) || RouteNamed(kLists, parts[0]) != nullptr;
  return IsTrace(parts) || IsPledge(parts) || StatementAt(parts).has_value() || IsYearOf("payments", parts) ||
         IsYearOf("compare", parts) || (parts.size() == 2 && RouteNamed(kItems, parts[0]) != nullptr);
}

StatusOr<Content> MakeContent(const Asking& asking) {
  FT_RETURN_IF_ERROR(CheckKeys(asking.address));
  const std::vector<std::string>& parts = asking.address.parts;
  if (parts.empty()) return HomePage(asking);
  if (IsTrace(parts)) {
    const bool party = parts[0] == "party";
    return TracePage(asking, parts[2] == "went" ? v1::DIRECTION_FROM : v1::DIRECTION_TO,
                     party ? parts[1] : "", party ? "" : parts[1]);
  }
  if (IsReceipts(parts))
    return ReceiptsPage(asking, parts[0] == "went" ? v1::DIRECTION_FROM : v1::DIRECTION_TO);
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
