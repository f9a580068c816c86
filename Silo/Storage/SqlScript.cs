using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Hype.Silo.Storage;

/// <summary>A migration script of the database, embedded in this assembly.</summary>
/// <param name="Name">The file name. Scripts are applied in the order of their names.</param>
/// <param name="Text">The contents of the file.</param>
internal sealed record SqlScript(string Name, string Text)
{
    /// <summary>SHA-256 of the text, in hex: detects a script that was changed after it was applied.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <param name="database"><c>postgres</c> (files of deploy/postgres) or <c>sqlite</c> (files of Silo/Migrations).</param>
    public static SqlScript[] Of(string database)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{database}/";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(resource => new SqlScript(resource[folder.Length..], Read(assembly, resource))),
        ];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        // The digest must not depend on the checkout's line endings.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
