using Microsoft.Extensions.Options;

namespace Hype.Silo.Hosting;

/// <summary>Where grain state is kept; bound from <c>Hype:Storage</c>.</summary>
public sealed record StorageOptions
{
    public const string Section = "Hype:Storage";

    /// <summary>The SQLite file, relative to the content root; made when missing. Default <c>data/hype.db</c>.</summary>
    public string Path { get; init; } = "data/hype.db";
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        string.IsNullOrWhiteSpace(options.Path) || System.IO.Path.EndsInDirectorySeparator(options.Path)
            ? ValidateOptionsResult.Fail($"{StorageOptions.Section}:{nameof(options.Path)} must name a file.")
            : ValidateOptionsResult.Success;
}
