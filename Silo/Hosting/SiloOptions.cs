using System.Net;
using Microsoft.Extensions.Options;

namespace Hype.Silo.Hosting;

/// <summary>The silo of this process; bound from <c>Hype:Silo</c>.</summary>
public sealed record SiloOptions
{
    public const string Section = "Hype:Silo";

    /// <summary>Port between silos, on loopback. Default 0: a free one, as nobody else needs to know it. Range 0–65,535.</summary>
    public int SiloPort { get; init; }

    /// <summary>Port for Orleans clients, on loopback. Default 0: a free one. Range 0–65,535.</summary>
    public int GatewayPort { get; init; }
}

internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        var errors = new List<string>();
        if (options.SiloPort is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            errors.Add($"{SiloOptions.Section}:{nameof(options.SiloPort)} is {options.SiloPort}; it must lie between 0 and 65535.");
        if (options.GatewayPort is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            errors.Add($"{SiloOptions.Section}:{nameof(options.GatewayPort)} is {options.GatewayPort}; it must lie between 0 and 65535.");
        if (options.SiloPort != 0 && options.SiloPort == options.GatewayPort)
            errors.Add($"{SiloOptions.Section}:{nameof(options.GatewayPort)} must differ from {nameof(options.SiloPort)}.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
