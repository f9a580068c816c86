using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hype.Hosting.Certificates;

/// <summary>
/// Reads certificates from PEM files. If a file has a flaw, the result is a sentence about it, without any text of the file, which may be
/// a private key.
/// </summary>
public static class PemFiles
{
    /// <returns>The flaw; null when the file was read.</returns>
    public static string? ReadServer(string certificateFile, string keyFile, out X509Certificate2? certificate)
    {
        certificate = null;
        if (certificateFile.Length == 0 || keyFile.Length == 0)
            return "and Key must name the files with this address's certificate and its private key.";
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"and Key: {exception.Message}";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return $"'{certificateFile}' and Key '{keyFile}' are not a certificate and its private key as PEM.";
        }
    }

    /// <inheritdoc cref="ReadServer"/>
    public static string? ReadAuthorities(string file, out X509Certificate2Collection authorities)
    {
        authorities = [];
        if (file.Length == 0)
            return "has an empty entry.";
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"has '{file}': {exception.Message}";
        }
        catch (CryptographicException)
        {
            // Without readable certificates the sentence is the same.
        }

        var isSound = authorities.Count > 0 && authorities.All(IsAuthority);
        return isSound ? null : $"has '{file}', which has no certificates of authorities as PEM, or others among them.";
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
