import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlObjectModification;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Judges signed PDF files with EU DSS and its default policy: Judge ROOT.pem [CRL.der ...]
 *
 * <p>Reads one file a line from standard input, its parts parted by tabs (id, path, level such as B-LT, number of
 * signatures, password), and writes one JSON object a line: {"file", "accepted", "says"}. Every signature must be
 * TOTAL_PASSED, have the level, and be followed by no change the difference analysis cannot explain. The network is
 * never asked: B-B and B-T are given the CRLs, from B-LT on the file itself has to bring the proof.
 */
public final class Judge {
  private final File root;
  private final String[] crls;

  private Judge(File root, String[] crls) {
    this.root = root;
    this.crls = crls;
  }

  public static void main(String[] args) throws Exception {
    Judge judge = new Judge(new File(args[0]), Arrays.copyOfRange(args, 1, args.length));
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = input.readLine()) != null; ) {
      String[] parts = line.split("\t", -1);
      List<String> problems;
      try {
        problems = judge.problemsOf(new File(parts[1]), parts[2], Integer.parseInt(parts[3]), parts[4]);
      } catch (Exception error) { // whatever it cannot take, it does not accept
        problems = List.of(error.toString());
      }
      String says = problems.isEmpty() ? "TOTAL_PASSED" : String.join("; ", problems);
      byte[] answer =
          String.format(
                  "{\"file\":%s,\"accepted\":%s,\"says\":%s}%n",
                  quoted(parts[0]), problems.isEmpty(), quoted(says))
              .getBytes(StandardCharsets.UTF_8);
      System.out.write(answer);
      System.out.flush();
    }
  }

  private List<String> problemsOf(File file, String level, int signatures, String password) {
    PDFDocumentValidator validator = new PDFDocumentValidator(new FileDocument(file));
    if (!password.isEmpty()) validator.setPasswordProtection(password.toCharArray());
    validator.setCertificateVerifier(verifier(level));
    Reports reports = validator.validateDocument();
    SimpleReport report = reports.getSimpleReport();
    DiagnosticData data = reports.getDiagnosticData();
    List<String> problems = new ArrayList<>();
    List<String> ids = report.getSignatureIdList();
    if (ids.size() != signatures) problems.add(ids.size() + " signatures instead of " + signatures);
    for (int i = 0; i < ids.size(); i++) {
      String name = "signature " + (i + 1) + ": ";
      for (String problem : problemsOf(report, data.getSignatureById(ids.get(i)), level)) {
        problems.add(name + problem);
      }
    }
    for (String id : report.getTimestampIdList()) {
      if (report.getIndication(id) != Indication.PASSED) {
        problems.add("time stamp: " + report.getIndication(id) + " " + report.getSubIndication(id)
            + texts(report.getAdESValidationErrors(id)));
      }
    }
    return problems;
  }

  private static List<String> problemsOf(SimpleReport report, SignatureWrapper signature, String level) {
    List<String> problems = new ArrayList<>();
    String id = signature.getId();
    if (report.getIndication(id) != Indication.TOTAL_PASSED) {
      problems.add(report.getIndication(id) + " " + report.getSubIndication(id)
          + texts(report.getAdESValidationErrors(id)));
    }
    String format = "PAdES-BASELINE-" + level.substring("B-".length());
    String found = String.valueOf(report.getSignatureFormat(id));
    if (!found.replace('_', '-').equals(format)) problems.add(found + " instead of " + format);
    if (!signature.isSignatureIntact()) problems.add("the signature is not intact");
    List<XmlObjectModification> unexplained = signature.getPdfUndefinedChanges();
    if (!unexplained.isEmpty()) {
      problems.add("unexplained changes " + unexplained.stream()
          .map(change -> change.getAction() + " " + change.getValue()).collect(Collectors.toList()));
    }
    return problems;
  }

  private CommonCertificateVerifier verifier(String level) {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(DSSUtils.loadCertificate(root));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(null);
    if (level.equals("B-B") || level.equals("B-T")) verifier.setCrlSource(new ExternalResourcesCRLSource(
        Arrays.stream(crls).map(path -> new FileDocument(path).openStream()).toArray(java.io.InputStream[]::new)));
    return verifier;
  }

  private static String texts(List<Message> messages) {
    return messages.stream().map(message -> " " + message.getValue()).collect(Collectors.joining());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') json.append('\\').append(c);
      else if (c < ' ') json.append(String.format("\\u%04x", (int) c));
      else json.append(c);
    }
    return json.append('"').toString();
  }
}
