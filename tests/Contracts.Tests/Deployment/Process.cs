using Hype.Clustering;
using Hype.Contracts.Tests.Configuration;
using Hype.Gateway.Hosting;
using Hype.MediaNode.Hosting;
using Hype.Silo.Certificates;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>One of the three processes of the product, of which only the configuration is composed and validated.</summary>
internal sealed record Process(string Image, string Stage, Action<WebApplicationBuilder> Compose)
{
    public static readonly Process[] All =
    [
        new("hype-silo", "silo", builder => builder.AddHypeSilo()),
        new("hype-gateway", "gateway", builder =>
        {
            builder.AddHypeGateway();
            builder.AddHypeClusterClient(GatewayHosting.OwnRegion, GatewayHosting.RequestAllSnapshots);
        }),
        new("hype-media-node", "media-node", builder => builder.AddHypeMediaNode()),
    ];

    // The deployment mounts the certificates of the cluster in this folder.
    private const string CertificateFolder = "/certificates/";

    private static readonly Lazy<string> Certificates = new(() =>
    {
        var folders = Enumerable.Range(0, 2).Select(_ => Directory.CreateTempSubdirectory("hype-deployment-").FullName).ToArray();
        var now = TimeProvider.System.GetUtcNow();
        CertificatesCommand.RunAsync(folders, now, TextWriter.Null, TextWriter.Null).GetAwaiter().GetResult();
        return folders[1];
    });

    /// <param name="image">The image with its registry and tag.</param>
    public static Process? Of(string image) => All.SingleOrDefault(process => image.Split('/').Last().Split(':')[0] == process.Image);

    /// <summary>
    /// Returns the errors of an environment: those that the process itself would report when it starts outside Development, and
    /// sections that no process has. Empty: the process would start.
    /// </summary>
    public IReadOnlyList<string> Errors(IReadOnlyDictionary<string, string> environment)
    {
        var keys = Dockerfile.Environment(Stage).Concat(environment)
            .GroupBy(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key, string? (variable) => Mounted(variable.Last().Value));
        var strangers = keys.Keys.Where(key => key.StartsWith("Hype:", StringComparison.Ordinal)
            && !OptionTypes.Sections.Any(section => key.StartsWith($"{section}:", StringComparison.Ordinal)));
        return [.. strangers.Select(key => $"{key}: there is no such section"), .. Refusals(keys)];
    }

    /// <summary>Returns the path of a file of the cluster's certificates on this machine, and every other value unchanged.</summary>
    private static string Mounted(string value) => value.StartsWith(CertificateFolder, StringComparison.Ordinal)
        ? Path.Combine(Certificates.Value, value[CertificateFolder.Length..])
        : value;

    private IEnumerable<string> Refusals(Dictionary<string, string?> keys)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = "Production";
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(keys);
        Compose(builder);
        using var services = builder.Services.BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
        catch (AggregateException exception)
        {
            return exception.InnerExceptions.SelectMany(
                inner => inner is OptionsValidationException validation ? validation.Failures : [inner.Message]);
        }
    }
}
