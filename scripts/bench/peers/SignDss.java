import com.sun.management.OperatingSystemMXBean;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import java.io.File;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Locale;

/**
 * Signs one PDF again and again with EU DSS: SignDss PDF KEY.pem CERTIFICATE.pem SECONDS
 *
 * <p>Prints one JSON object: documents a second, CPU milliseconds a document, peak resident memory in MiB. As our own
 * subject: the document and the key are in memory, the signed document is made in memory, PAdES B-B, RSA with PSS.
 */
public final class SignDss {
  /** As measure.ts warms up. */
  private static final int WARM_TIMES = 2000;

  private static final double WARM_SECONDS = 5;

  private final byte[] pdf;
  private final PrivateKey key;
  private final CertificateToken certificate;
  private final PAdESService service = new PAdESService(new CommonCertificateVerifier());

  private SignDss(Path pdf, Path key, Path certificate) throws Exception {
    this.pdf = Files.readAllBytes(pdf);
    this.certificate = DSSUtils.loadCertificate(certificate.toFile());
    String body = Files.readString(key).replaceAll("-----[A-Z ]+-----|\\s", "");
    this.key =
        KeyFactory.getInstance(this.certificate.getPublicKey().getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  public static void main(String[] args) throws Exception {
    SignDss bench = new SignDss(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    double seconds = Double.parseDouble(args[3]);
    bench.repeat(WARM_TIMES, WARM_SECONDS);
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long started = System.nanoTime();
    int done = bench.repeat(Integer.MAX_VALUE, seconds);
    double perSecond = done / ((System.nanoTime() - started) / 1e9);
    double cpuMilliseconds = (system.getProcessCpuTime() - cpu) / 1e6 / done;
    System.out.printf(
        Locale.ROOT,
        "{\"perSecond\":%f,\"cpuMilliseconds\":%f,\"peakRss\":%f}%n",
        perSecond,
        cpuMilliseconds,
        peakRss());
  }

  private int repeat(int times, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int done = 0;
    while (done == 0 || (done < times && System.nanoTime() < end)) {
      sign();
      done++;
    }
    return done;
  }

  private void sign() throws Exception {
    boolean rsa = key.getAlgorithm().equals("RSA");
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(certificate);
    if (rsa) parameters.setEncryptionAlgorithm(EncryptionAlgorithm.RSASSA_PSS);
    parameters.setReason("Ký duyệt");
    DSSDocument document = new InMemoryDocument(pdf);
    ToBeSigned toBeSigned = service.getDataToSign(document, parameters);
    Signature signer = Signature.getInstance(rsa ? "RSASSA-PSS" : "SHA256withECDSA");
    if (rsa) signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    signer.initSign(key);
    signer.update(toBeSigned.getBytes());
    SignatureAlgorithm algorithm =
        rsa ? SignatureAlgorithm.RSA_SSA_PSS_SHA256_MGF1 : SignatureAlgorithm.ECDSA_SHA256;
    SignatureValue value = new SignatureValue(algorithm, signer.sign());
    service.signDocument(document, parameters, value).writeTo(OutputStream.nullOutputStream());
  }

  /** Of the process, which no MXBean tells. 0 where there is no /proc. */
  private static double peakRss() throws Exception {
    if (!new File("/proc/self/status").exists()) return 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
    }
    return 0;
  }
}
