// The first page: what is in the ledger, is it whole, and where to ask.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/pages/linked_data.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/page.h"
#include "ledger/pages/payments.h"
#include "ledger/pages/totals.h"
#include "ledger/query/summary.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kShownOfEach = 10;  // donors and recipients of each asset, and payments

Html Door(const Asking& asking, std::string_view path, Word question, Word answer) {
  return Element("li", asking.Link(path, question) + Text(" ") + asking.Shown(answer));
}

Html Doors(const Asking& asking, bool needs, bool programmes) {
  Html doors = Door(asking, "parties/", Word::kDoorWent, Word::kDoorWentHow) +
               Door(asking, "parties/", Word::kDoorWho, Word::kDoorWhoHow) +
               Door(asking, "payments/", Word::kDoorPayments, Word::kDoorPaymentsHow);
  doors += Door(asking, "idle/", Word::kIdle, Word::kDoorIdleHow) +
           Door(asking, "committed/", Word::kCommittedTitle, Word::kDoorCommittedHow) +
           Door(asking, "flows/", Word::kFlowsCompared, Word::kDoorFlowsHow) +
           Door(asking, "compare/", Word::kCompareTitle, Word::kDoorCompareHow) +
           Door(asking, "findings/", Word::kFindings, Word::kDoorFindingsHow);
  // A folder cannot be asked about payments of the reader's choice.
  if (!asking.in_folder()) doors += Door(asking, "went/", Word::kDoorSeveral, Word::kDoorSeveralHow);
  doors += Door(asking, "funds/", Word::kFunds, Word::kDoorFundsHow) +
           Door(asking, "projects/", Word::kProjects, Word::kDoorProjectsHow);
  if (programmes) doors += Door(asking, "programmes/", Word::kProgrammes, Word::kDoorProgrammesHow);
  if (needs) {
    doors += Door(asking, "needs/", Word::kDoorNeeds, Word::kDoorNeedsHow) +
             Door(asking, "places/", Word::kDoorPlaces, Word::kDoorPlacesHow) +
             Door(asking, "give/", Word::kDoorGive, Word::kDoorGiveHow);
  }
  doors += Door(asking, "policies/", Word::kPolicies, Word::kDoorPoliciesHow) +
           Door(asking, "evaluations/", Word::kEvaluations, Word::kDoorEvaluationsHow) +
           Door(asking, "concerns/", Word::kConcerns, Word::kDoorConcernsHow) +
           Door(asking, "notices/", Word::kNotices, Word::kDoorNoticesHow);
  return Element("ul", {{"class", "doors"}}, doors);
}

// The largest donors and recipients of one asset, and where all of them stand.
Html LargestOf(const Asking& asking, const v1::AssetSummary& of) {
  const std::uint32_t decimals = of.all().decimals();
  const std::string& asset = of.all().asset();
  Table donors(asking.Words(Word::kLargestDonors, {asset}),
               {{asking.Words(Word::kParty)}, {asking.Words(Word::kBroughtIn), true}}),
      recipients(asking.Words(Word::kLargestRecipients, {asset}), {{asking.Words(Word::kParty)},
                                                                   {asking.Words(Word::kReachedNow), true},
                                                                   {asking.Words(Word::kEndsHereNow), true}});
  for (const v1::TopLine& line : of.donors())
    donors.Add(
        {PartyCell(asking, line.party(), line.party_name()), MoneyCell(line.sums().brought_in(), decimals)});
  for (const v1::TopLine& line : of.recipients())
    recipients.Add({PartyCell(asking, line.party(), line.party_name()),
                    MoneyCell(line.sums().reached(), decimals),
                    MoneyCell(line.sums().ends_here(), decimals)});
  Html shown;
  const auto add = [&](const Table& table, std::uint64_t all, const char* list) {
    if (table.empty()) return;
    shown += TableOnPage(asking, table);
    if (all > table.size())
      shown += Element("p", asking.Link(list, asking.Shown(Word::kAllOfThem, {Text(NumberText(all))})));
  };
  add(donors, of.donor_count(), "parties/?sort=brought-in");
  add(recipients, of.recipient_count(), "parties/");
  return shown;
}

// The whole ledger as data that can be had: of now, with the checkpoint that signs it.
Html DatasetOf(const Asking& asking, const std::string& description) {
  const v1::CheckpointRef& checkpoint = asking.view.checkpoint;
  const auto download = [&](const std::string& at, const char* type, const char* name) {
    return LinkedThing("DataDownload").Set("name", name).Set("encodingFormat", type).Set("contentUrl", at);
  };
  // The archive has no language: it lies at the site's root.
  const std::string root = asking.base.empty() ? asking.address.ToRoot() : asking.base + "/";
  LinkedThing data("Dataset");
  data.Set("@context", "https://schema.org")
      .Set("name", checkpoint.ledger())
      .Set("description", description)
      .Set("url", asking.Whole(""))
      .Set("version", absl::StrCat(checkpoint.size()))
      .Set("identifier", HexEncode(checkpoint.root()))
      .Set("distribution",
           std::vector<LinkedThing>{download(asking.Whole("payments.csv"), "text/csv", "payments"),
                                    download(asking.Whole("payments.json"), "application/json", "payments"),
                                    download(root + "checkpoint", "text/plain",
                                             "archive: the signed checkpoint, with tiles beside it")});
  if (asking.terms != nullptr && !asking.terms->licence.empty()) data.Set("license", asking.terms->licence);
  return LinkedData(data);
}

}  // namespace

StatusOr<Content> HomePage(const Asking& asking) {
  if (asking.view.checkpoint.size() == 0) {
    Content empty;
    empty.title = asking.view.checkpoint.ledger();
    empty.body = asking.Paragraph(Word::kNothingRecordedYet);
    return empty;
  }
  v1::SummaryRequest request;
  SetAsOf(asking, &request);
  request.set_top(kShownOfEach);
  FT_ASSIGN_OR_RETURN(const v1::SummaryAnswer answer, query::Summary(asking.view, request));
  bool needs = false, programmes = false;
  for (const v1::RegisterCount& count : answer.registers()) {
    needs = needs || count.register_() == "need";
    programmes = programmes || count.register_() == "programme";
  }
  Content content;
  content.title = asking.view.checkpoint.ledger();
  content.body =
      Element("p", asking.Counted(Word::kHomeLead, answer.records(), {asking.Day(answer.last_day())}));
  std::vector<AssetTotals> totals;
  for (const v1::AssetSummary& of : answer.assets()) totals.push_back(TotalsOf(of));
  content.description = asking.CountedWords(Word::kHomeLead, answer.records(), {answer.last_day()});
  content.linked_data = DatasetOf(asking, content.description);
  for (const AssetTotals& of : totals) content.body += TotalsInWords(asking, of);
  for (const AssetTotals& of : totals)
    if (of.unrecorded > 0)
      content.body += asking.Paragraph(Word::kNotInFileHome,
                                       {Text(asking.MoneyInWords(of.unrecorded, of.decimals, of.asset)),
                                        asking.Link("idle/", Word::kNotInFile)});
  content.body += Doors(asking, needs, programmes);
  for (const v1::AssetSummary& of : answer.assets()) content.body += LargestOf(asking, of);
  PaymentRows latest(asking, asking.Words(Word::kNewestPayments));
  for (const v1::TransferLine& line : answer.newest()) latest.AddPayment(line);
  content.body += TableOnPage(asking, latest) + TableOnPage(asking, TotalsTable(asking, totals));
  return content;
}

}  // namespace fundtrail::pages
