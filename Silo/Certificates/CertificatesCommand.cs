using System.Security.Cryptography.X509Certificates;
using Hype.Hosting.Starting;

namespace Hype.Silo.Certificates;

/// <summary>
/// The command <c>certificates</c>: creates the cluster's authority in one folder and a certificate of it in another. Silos and gateways
/// need the second folder only; the authority's key stays in the first. The command changes nothing while both are valid for longer than
/// <see cref="Margin"/>, so that it may run before each start. It does not replace an authority that it cannot use: processes with
/// certificates of two authorities refuse each other.
/// </summary>
internal static class CertificatesCommand
{
    public const string Name = "certificates";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>The remaining lifetime below which a run issues a new certificate.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(90);

    /// <returns>0 if both are valid; else 1, with a sentence on <paramref name="errors"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, DateTimeOffset now, TextWriter output, TextWriter errors)
    {
        if (arguments is not [var authorityFolder, var certificateFolder])
        {
            await errors.WriteLineAsync($"usage: {Name} AUTHORITY-FOLDER CERTIFICATE-FOLDER");
            return ExitCode.InvalidConfiguration;
        }

        try
        {
            await RunAsync(authorityFolder, certificateFolder, now, output);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LostAuthorityException)
        {
            await errors.WriteLineAsync($"The certificates were not written: {exception.Message}");
            return ExitCode.InvalidConfiguration;
        }
    }

    private static async Task RunAsync(string authorityFolder, string certificateFolder, DateTimeOffset now, TextWriter output)
    {
        var (authorityFile, authorityKey) = (Path.Combine(authorityFolder, "ca.crt"), Path.Combine(authorityFolder, "ca.key"));
        var copy = Path.Combine(certificateFolder, "ca.crt");
        var (certificate, key) = (Path.Combine(certificateFolder, "tls.crt"), Path.Combine(certificateFolder, "tls.key"));

        var isInUse = File.Exists(authorityFile) || File.Exists(certificate) || File.Exists(copy);
        if (isInUse && !(File.Exists(authorityFile) && File.Exists(authorityKey)))
        {
            throw new LostAuthorityException(
                $"There is a certificate, but {authorityFile} or {authorityKey} of its authority is missing. Restore both files from a "
                + $"backup. If they are lost, stop all silos and gateways, delete {authorityFile}, {copy} and {certificate}, run this "
                + "command again, and start all of them with the new certificate.");
        }

        // Near the end of the authority's own life; its successor's certificates are worthless to processes that have the old ones.
        var isNew = !IsValid(authorityFile, now);
        using var authority = isNew ? ClusterAuthority.Create(now) : ClusterAuthority.Read(authorityFile, authorityKey);
        if (isNew)
        {
            // Deleted first: after a crash between two writes, the next run begins again.
            File.Delete(authorityFile);
            await WriteSecretAsync(authorityKey, authority.KeyPem);
            await File.WriteAllTextAsync(authorityFile, authority.CertificatePem);
            await output.WriteLineAsync($"Created the authority {authorityFile}.");
        }

        if (!isNew && IsValid(certificate, now) && File.Exists(key) && File.Exists(copy))
        {
            await output.WriteLineAsync($"The certificate {certificate} is valid.");
            return;
        }

        var (certificatePem, keyPem) = authority.Issue(now, Lifetime);
        File.Delete(certificate);
        await WriteSecretAsync(key, keyPem);
        await File.WriteAllTextAsync(copy, authority.CertificatePem);
        await File.WriteAllTextAsync(certificate, certificatePem);
        await output.WriteLineAsync(isNew && isInUse
            ? $"Issued the certificate {certificate} of the new authority: stop all silos and gateways, then start all of them."
            : $"Issued the certificate {certificate}: restart silos and gateways, one after another.");
    }

    private static bool IsValid(string file, DateTimeOffset now)
    {
        if (!File.Exists(file))
            return false;
        using var read = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return read.NotAfter.ToUniversalTime() > (now + Margin).UtcDateTime;
    }

    /// <summary>Writes a file that only its owner can read.</summary>
    private static async Task WriteSecretAsync(string path, string text)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(text);
    }

    /// <summary>A certificate is in use whose authority cannot issue another one.</summary>
    private sealed class LostAuthorityException(string message) : Exception(message);
}
