// Pages of words alone: how the ledger is checked, its data, what this site does and does not, and what the words mean.
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/page.h"
#include "ledger/pages/web_files.h"

namespace fundtrail::pages {
namespace {

Html Command(const std::string& command) { return Element("pre", Element("code", Text(command))); }

// A file at the site's root, which has no language and no record.
Html RootLink(const Asking& asking, std::string_view path) {
  return Element(
      "a", {{"href", absl::StrCat(asking.address.ToRoot(), absl::string_view(path.data(), path.size()))}},
      Element("code", Text(path)));
}

Html Meaning(const Asking& asking, Word term, Word meaning) {
  return Element("dt", asking.Shown(term)) + Element("dd", asking.Shown(meaning));
}

// What the operator says of the data: a licence that nobody states is none.
Html TermsShown(const Asking& asking) {
  const DataTerms terms = asking.terms == nullptr ? DataTerms{} : *asking.terms;
  Html said = asking.Heading(Word::kDataTerms);
  if (!terms.source.empty()) said += asking.Paragraph(Word::kPictureSource, {Name(terms.source)});
  return said + (terms.licence.empty() ? asking.Paragraph(Word::kNoTerms)
                                       : asking.Paragraph(Word::kPictureLicence, {Name(terms.licence)}));
}

// To be saved: opened at the site, its script would not run under the policy that data comes with.
Html SavedCheckerLink(const Asking& asking) {
  const std::string where = "web/checker.html";
  return Element("a", {{"href", asking.address.ToRoot() + where}, {"download", "fundtrail-checker.html"}},
                 Element("code", Text(where)));
}

// Where the site is, as commands need it.
std::string SiteOf(const Asking& asking) { return asking.base.empty() ? "https://SITE" : asking.base; }

}  // namespace

StatusOr<Content> CheckPage(const Asking& asking) {
  Content content;
  content.title = asking.Words(Word::kCheck);
  content.body = asking.Paragraph(Word::kCheckLead) + asking.Heading(Word::kCheckBrowser) +
                 asking.Paragraph(Word::kCheckBrowserDoes) + asking.Paragraph(Word::kCheckBrowserNot) +
                 (FindWebFile("check.js") == nullptr ? asking.Paragraph(Word::kCheckNoScript) : Html()) +
                 asking.Heading(Word::kCheckKey) + asking.Paragraph(Word::kCheckKeyWhere) +
                 asking.Heading(Word::kCheckAll) + asking.Paragraph(Word::kCheckAllHow) +
                 Command(absl::StrCat("fundtrail verify ", SiteOf(asking), " --vkey VKEY")) +
                 asking.Paragraph(Word::kCheckLast);
  const bool has_checker = FindWebFile("checker.html") != nullptr;
  if (has_checker) content.body += asking.Paragraph(Word::kSavedChecker, {SavedCheckerLink(asking)});
  // web/drop.js puts the place for files there.
  if (FindWebFile("drop.js") != nullptr) {
    content.body +=
        asking.Heading(Word::kKeptFiles) + asking.Paragraph(Word::kKeptFilesAre) +
        Element("div", {{"id", "kept"}}, Html()) +
        Element("script", {{"type", "module"}, {"src", asking.address.ToRoot() + "web/drop.js"}}, Html());
    if (asking.in_folder() && has_checker)
      content.body += asking.Paragraph(Word::kKeptFilesAsFiles, {SavedCheckerLink(asking)});
  }
  content.body += asking.Paragraph(Word::kModules, {RootLink(asking, "modules.json")});
  // The checkpoint of a page as of a record is none that the ledger signed for that record.
  if (!asking.as_of().has_value())
    content.body += asking.Heading(Word::kCheckpoint) + Command(asking.view.checkpoint.note());
  return content;
}

StatusOr<Content> DataPage(const Asking& asking) {
  Content content;
  content.title = asking.Words(Word::kData);
  Html files;
  for (const char* path :
       {"payments", "parties", "funds", "projects", "programmes", "needs", "notices", "concerns",
        "evaluations", "policies", "findings", "idle", "committed", "compare", "flows"}) {
    Html both;
    for (const char* ending : {".csv", ".json"}) {
      const std::string file = absl::StrCat(path, ending);
      // In a folder both languages share them.
      const std::string at = asking.in_folder() ? asking.address.ToRoot() + file : asking.To(file);
      if (!both.empty()) both += Text(" · ");
      both += Element("a", {{"href", at}}, Text(file));
    }
    files += Element("li", both);
  }
  content.body =
      asking.Paragraph(asking.in_folder() ? Word::kDataLeadInFolder : Word::kDataLead) +
      Element("ul", files) + asking.Paragraph(Word::kDataSafe) + TermsShown(asking) +
      asking.Heading(Word::kArchive) +
      asking.Paragraph(Word::kArchiveHow, {RootLink(asking, "checkpoint"), RootLink(asking, kFeedPath)}) +
      Command(absl::StrCat("fundtrail clone ", SiteOf(asking), " LEDGER --vkey VKEY"));
  // A folder answers no question.
  if (asking.in_folder()) {
    content.body += asking.Paragraph(Word::kLeftOutOfFolder);
  } else {
    const std::string ledger = absl::StrCat(SiteOf(asking), "/fundtrail.v1.Ledger/");
    const std::string json = "curl -H 'Content-Type: application/json' -d ";
    content.body += asking.Heading(Word::kPrograms) + asking.Paragraph(Word::kProgramsHow) +
                    Command(absl::StrCat(json, "'{}' ", ledger, "Summary\n", json, "'{\"party\":\"PARTY\"}' ",
                                         ledger, "Balance\n", json,
                                         "'{\"party\":\"PARTY\",\"direction\":\"FROM\"}' ", ledger, "Trace"));
  }
  return content;
}

StatusOr<Content> AboutPage(const Asking& asking) {
  Content content;
  content.title = asking.Words(Word::kAbout);
  content.body = asking.Paragraph(Word::kAboutLead) + asking.Paragraph(Word::kAboutReaders) +
                 asking.Paragraph(Word::kAboutSays) + asking.Paragraph(Word::kAboutPersons) +
                 Element("p", asking.Link("check/", Word::kCheck) + Text(" · ") +
                                  asking.Link("glossary/", Word::kGlossary) + Text(" · ") +
                                  asking.Link("data/", Word::kData));
  return content;
}

StatusOr<Content> GlossaryPage(const Asking& asking) {
  Content content;
  content.title = asking.Words(Word::kGlossary);
  content.body = Element("dl", Meaning(asking, Word::kReachedNow, Word::kMeansReached) +
                                   Meaning(asking, Word::kEndsHereNow, Word::kMeansEndsHere) +
                                   Meaning(asking, Word::kHeldNow, Word::kMeansHeld) +
                                   Meaning(asking, Word::kReturnedNow, Word::kMeansReturned) +
                                   Meaning(asking, Word::kBroughtIn, Word::kMeansBroughtIn) +
                                   Meaning(asking, Word::kUnrecordedNow, Word::kMeansUnrecorded) +
                                   Meaning(asking, Word::kExchangedNow, Word::kMeansExchanged) +
                                   Meaning(asking, Word::kCommitted, Word::kMeansCommitted) +
                                   Meaning(asking, Word::kCameRound, Word::kMeansCameRound) +
                                   Meaning(asking, Word::kFirstInFirstOut, Word::kMeansFifo) +
                                   Meaning(asking, Word::kRecord, Word::kMeansRecord) +
                                   Meaning(asking, Word::kCheckpoint, Word::kMeansCheckpoint) +
                                   Meaning(asking, Word::kPermanentLink, Word::kMeansPermanent) +
                                   Meaning(asking, Word::kNeed, Word::kMeansNeed) +
                                   Meaning(asking, Word::kConcern, Word::kMeansConcern) +
                                   Meaning(asking, Word::kVerdict, Word::kMeansVerdict));
  return content;
}

}  // namespace fundtrail::pages
