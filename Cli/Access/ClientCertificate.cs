using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hype.Cli.Access;

/// <summary>
/// Reads the client certificate with which <c>hype</c> authenticates instead of a token, at a gateway with
/// <c>Hype:Tls:ClientAuthorities</c>.
/// </summary>
internal static class ClientCertificate
{
    public const string CertificateOption = "--cert";
    public const string KeyOption = "--key";

    /// <summary>Reads the certificate and its private key from PEM files; returns null if neither file is given.</summary>
    /// <exception cref="WrongUsageException">One file is missing, or the files are not a certificate and its key.</exception>
    public static X509Certificate2? Read(string? certificateFile, string? keyFile)
    {
        if (certificateFile is null && keyFile is null)
            return null;
        if (certificateFile is null || keyFile is null)
            throw new WrongUsageException($"{CertificateOption} and {KeyOption} belong together: a certificate and its private key.");
        try
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException(exception.Message);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new WrongUsageException(
                $"{certificateFile} and {keyFile} are not a certificate and its private key as PEM, without a password.");
        }
    }
}
