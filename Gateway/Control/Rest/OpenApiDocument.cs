using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hype.Gateway.Control.Rest;

/// <summary>Describes the REST API as an OpenAPI document, generated from its routes and types.</summary>
internal static class OpenApiDocument
{
    public const string Name = "v1";

    public const string Path = "/api/voice/openapi.json";

    private const string Scheme = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/voice/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Hype",
                Version = Name,
                Description = "Voice channels: the requests of back-office servers and administrators to a cluster.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                    Description = "A token with the grant `moderate` for the channel, or for all channels (`*`) for nodes and tokens.",
                },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
