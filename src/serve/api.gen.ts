// Types of the server's interface for openapi-fetch, made by npm run serve:api.
export interface paths {
    "/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers texts or an image. */
        post: operations["postPredict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metadata of one model, and its versions with their traffic. */
        get: operations["getModelsByName"];
        put?: never;
        /** Answers as Hugging Face's inference interface does: text-classification, token-classification, question-answering, image-classification. */
        post: operations["postModelsByName"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models that are served. */
        get: operations["getV1Models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model. */
        get: operations["getV1ModelsByName"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the model's head reads of texts, as vectors of length 1. */
        post: operations["postV1Embeddings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Continues a text. */
        post: operations["postV1Completions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers a chat, by the model's own chat template. */
        post: operations["postV1ChatCompletions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers. */
        get: operations["getV2HealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests are accepted. */
        get: operations["getV2HealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server and its extensions. */
        get: operations["getV2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model answers. */
        get: operations["getV2ModelsByNameReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/versions/{version}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model answers. */
        get: operations["getV2ModelsByNameVersionsByVersionReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Inputs and outputs of a model. */
        get: operations["getV2ModelsByName"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Inputs and outputs of a model. */
        get: operations["getV2ModelsByNameVersionsByVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers tensors: JSON, or JSON followed by binary tensors. */
        post: operations["postV2ModelsByNameInfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/versions/{version}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers tensors: JSON, or JSON followed by binary tensors. */
        post: operations["postV2ModelsByNameVersionsByVersionInfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All models and versions, ready or not. */
        post: operations["postV2RepositoryIndex"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{name}/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens all versions of a model anew. The old ones serve until the new ones answer, and where these do not open. */
        post: operations["postV2RepositoryModelsByNameLoad"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{name}/unload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops serving a model. What it was asked before is answered. */
        post: operations["postV2RepositoryModelsByNameUnload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models that are served. */
        get: operations["getModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models/{name}/passport": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The verified passport: JSON, or a plain page where the client asks for text/html. */
        get: operations["getModelsByNamePassport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State of the server and of its models. */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers. */
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests are accepted. */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This interface as OpenAPI 3.1. */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This interface as a page. */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Fault: {
            requestId: string;
            error: {
                /** @description A code of docs/errors.md. */
                code: string;
                operation: string;
                problem: string;
                expected?: string;
                got?: string;
                hint?: string;
                /** @description Place in the request. */
                path?: string;
            } & {
                [key: string]: unknown;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    postPredict: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the model, or model:adapter. Default the only one. */
                    model?: string;
                    /** @description One text. */
                    text?: string;
                    /** @description The second text, for models that read two; of a question in text, the text that holds its answer. */
                    pair?: string;
                    /** @description Answers to choose from, for models of multiple choice. The answer's label is A for the first. */
                    choices?: string[];
                    /** @description Several texts, or pairs of texts. */
                    texts?: (string | [
                        string,
                        string
                    ])[];
                    /**
                     * Format: base64
                     * @description One image file, in base64, for models that read images.
                     */
                    image?: string;
                    /** @description Group of the inputs, for models with thresholds by group. */
                    group?: string;
                    /** @description Group of each input. */
                    groups?: string[];
                    /** @description Groups of the inputs by attribute, such as region: islands. Used for monitoring only. */
                    attributes?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Most probable labels to list; of a model that finds answers in texts, answers, at most 20.
                     * @default 3
                     */
                    top?: number;
                    /**
                     * @description Labels and entities below this probability are withheld.
                     * @default 0
                     */
                    abstain?: number;
                    /** @description Coverage of prediction sets, such as 0.9. */
                    sets?: number;
                    /**
                     * @description Explains each answer: true, or settings of the explanation.
                     * @default false
                     */
                    explain?: boolean | {
                        /** @enum {string} */
                        method?: "integratedGradients" | "gradientInput" | "saliency" | "rollout" | "occlusion" | "shap" | "flip";
                        label?: string;
                        word?: string;
                        /** @enum {string} */
                        baseline?: "mask" | "pad" | "unk";
                        steps?: number;
                    };
                };
            };
        };
        responses: {
            /** @description The answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        requestId: string;
                        model: {
                            name: string;
                            version: string;
                        };
                        /** @description One answer for each input, in order. */
                        answers: ({
                            label?: string | string[] | null;
                            labels?: {
                                label: string;
                                probability: number;
                            }[];
                            value?: number;
                            entities?: ({
                                start: number;
                                end: number;
                                type: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            /** @description Of a model that finds answers in texts: the likeliest, best first; an empty text means that there is none. */
                            answers?: {
                                text: string;
                                start: number;
                                end: number;
                                score: number;
                                probability: number;
                            }[];
                            /** @description Of a model with several heads: the answer of each, by the name of its task. */
                            tasks?: {
                                [key: string]: {
                                    [key: string]: unknown;
                                };
                            };
                            set?: (string | number)[];
                            /** @description Why the input has no answer. */
                            unusable?: string;
                            explanation?: {
                                method: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    getModelsByName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        version: string;
                        loaded: string;
                        compressed: boolean;
                        passport: {
                            /** @enum {string} */
                            state: "verified" | "unsigned";
                        } & {
                            [key: string]: unknown;
                        };
                        architecture: string;
                        task: string;
                        /** @enum {string} */
                        answers: "label" | "labels" | "value" | "entities";
                        labels: string[];
                        reads: string;
                        explains: boolean;
                        versions: {
                            version: string;
                            /** @enum {string} */
                            state: "READY" | "LOADING" | "UNAVAILABLE";
                            reason?: string;
                            shadow: boolean;
                            /** @description Of the model's requests, 0 to 1. */
                            share: number;
                            /** @description Inputs that it answered since the server's start. */
                            answers: number;
                            /** @description Of a shadow: inputs that both answered. */
                            compared: number;
                            /** @description Of a shadow: inputs for which it had no time. */
                            dropped: number;
                            /** @description Of a shadow: how often it answers as the version that serves; 95 % interval. */
                            agreement?: {
                                value: number;
                                low: number;
                                high: number;
                                rows: number;
                            };
                            /** @description By the true labels of /feedback; 95 % interval. */
                            accuracy?: {
                                value: number;
                                low: number;
                                high: number;
                                rows: number;
                            };
                            /** @description Its accuracy less that of the version with the largest share; 95 % interval. */
                            difference?: {
                                value: number;
                                low: number;
                                high: number;
                            };
                        }[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    postModelsByName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A text, a pair, a question with the text that holds its answer, or a list of them; for models of images an image file in base64. */
                    inputs: (string | {
                        text: string;
                        text_pair: string;
                    } | {
                        question: string;
                        context: string;
                    }) | (string | {
                        text: string;
                        text_pair: string;
                    } | {
                        question: string;
                        context: string;
                    })[];
                    parameters?: {
                        /** @description Labels of each answer. Default all; of answers in texts 1. */
                        top_k?: number | null;
                        /** @description Labels, entities and answers below it are left out. */
                        threshold?: number;
                        /** @description Group of the inputs, for models with thresholds by group. */
                        group?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Labels, entities or answers of the input, or of each input of a list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": (({
                        label: string;
                        score: number;
                    } | {
                        entity_group: string;
                        score: number;
                        word: string;
                        start: number;
                        end: number;
                    } | {
                        answer: string;
                        score: number;
                        start: number;
                        end: number;
                    })[] | {
                        answer: string;
                        score: number;
                        start: number;
                        end: number;
                    }) | (({
                        label: string;
                        score: number;
                    } | {
                        entity_group: string;
                        score: number;
                        word: string;
                        start: number;
                        end: number;
                    } | {
                        answer: string;
                        score: number;
                        start: number;
                        end: number;
                    })[] | {
                        answer: string;
                        score: number;
                        start: number;
                        end: number;
                    })[];
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV1Models: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            id: string;
                            /** @constant */
                            object: "model";
                            created: number;
                            owned_by: string;
                        }[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV1ModelsByName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "model";
                        created: number;
                        owned_by: string;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV1Embeddings: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    model: string;
                    /** @description A text, or several. */
                    input: string | string[];
                    /**
                     * @default float
                     * @enum {string}
                     */
                    encoding_format?: "float" | "base64";
                    /** @description Only the model's own width is given. */
                    dimensions?: number;
                    user?: string;
                };
            };
        };
        responses: {
            /** @description An embedding of each text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            /** @constant */
                            object: "embedding";
                            index: number;
                            embedding: number[] | string;
                        }[];
                        model: string;
                        usage: {
                            prompt_tokens: number;
                            total_tokens: number;
                        };
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV1Completions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of a served model, or model:adapter. */
                    model: string;
                    /** @description Default: as in the model's generation_config.json, else 1. */
                    temperature?: number;
                    /** @description Default: as in the model's generation_config.json, else 1. */
                    top_p?: number;
                    /** @description Only the k most probable tokens are sampled from. 0: all. Default: as in the model's generation_config.json, else 0. */
                    top_k?: number;
                    /** @description Least probability, as a share of the highest. Default: as in the model's generation_config.json, else 0. */
                    min_p?: number;
                    /** @description Default: as in the model's generation_config.json, else 1. */
                    repetition_penalty?: number;
                    /** @description Default: as in the model's generation_config.json, else none. */
                    stop?: string | string[];
                    /** @description Default: a new one for each request. */
                    seed?: number;
                    /**
                     * @description Whether the text comes as server-sent events.
                     * @default false
                     */
                    stream?: boolean;
                    /**
                     * @description How many texts are written. Each has its own seed; at temperature 0 all are the same.
                     * @default 1
                     */
                    n?: number;
                    user?: string;
                    /** @description The text matches this regular expression. */
                    guided_regex?: string;
                    /** @description The text to continue. */
                    prompt: string;
                    /** @description Default: as in the model's generation_config.json, else 16. */
                    max_tokens?: number;
                };
            };
        };
        responses: {
            /** @description The text; with stream: true as events, the last one [DONE]. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        object: string;
                        created: number;
                        model: string;
                        choices: ({
                            index: number;
                            /** @enum {string} */
                            finish_reason: "stop" | "length";
                        } & {
                            [key: string]: unknown;
                        })[];
                        usage: {
                            prompt_tokens: number;
                            completion_tokens: number;
                            total_tokens: number;
                        };
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV1ChatCompletions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of a served model, or model:adapter. */
                    model: string;
                    /** @description Default: as in the model's generation_config.json, else 1. */
                    temperature?: number;
                    /** @description Default: as in the model's generation_config.json, else 1. */
                    top_p?: number;
                    /** @description Only the k most probable tokens are sampled from. 0: all. Default: as in the model's generation_config.json, else 0. */
                    top_k?: number;
                    /** @description Least probability, as a share of the highest. Default: as in the model's generation_config.json, else 0. */
                    min_p?: number;
                    /** @description Default: as in the model's generation_config.json, else 1. */
                    repetition_penalty?: number;
                    /** @description Default: as in the model's generation_config.json, else none. */
                    stop?: string | string[];
                    /** @description Default: a new one for each request. */
                    seed?: number;
                    /**
                     * @description Whether the text comes as server-sent events.
                     * @default false
                     */
                    stream?: boolean;
                    /**
                     * @description How many texts are written. Each has its own seed; at temperature 0 all are the same.
                     * @default 1
                     */
                    n?: number;
                    user?: string;
                    /** @description The text matches this regular expression. */
                    guided_regex?: string;
                    messages: {
                        role: string;
                        content: string;
                        name?: string;
                    }[];
                    /** @description Default: as in the model's generation_config.json, else what the model has room for. */
                    max_tokens?: number;
                    max_completion_tokens?: number;
                    /** @description json_schema: the text is JSON that the schema allows. */
                    response_format?: {
                        /** @constant */
                        type: "text";
                    } | {
                        /** @constant */
                        type: "json_object";
                    } | {
                        /** @constant */
                        type: "json_schema";
                        json_schema: {
                            schema: {
                                [key: string]: unknown;
                            };
                            name?: string;
                            description?: string;
                            strict?: boolean;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description The text; with stream: true as events, the last one [DONE]. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        object: string;
                        created: number;
                        model: string;
                        choices: ({
                            index: number;
                            /** @enum {string} */
                            finish_reason: "stop" | "length";
                        } & {
                            [key: string]: unknown;
                        })[];
                        usage: {
                            prompt_tokens: number;
                            completion_tokens: number;
                            total_tokens: number;
                        };
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV2HealthLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: boolean;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: boolean;
                    };
                };
            };
        };
    };
    getV2HealthReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: boolean;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: boolean;
                    };
                };
            };
        };
    };
    getV2: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        version: string;
                        extensions: string[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV2ModelsByNameReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        ready: boolean;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV2ModelsByNameVersionsByVersionReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        ready: boolean;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV2ModelsByName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        versions: string[];
                        platform: string;
                        inputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                        outputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getV2ModelsByNameVersionsByVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        versions: string[];
                        platform: string;
                        inputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                        outputs: {
                            name: string;
                            datatype: string;
                            shape: number[];
                        }[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV2ModelsByNameInfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id?: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                    inputs: {
                        name: string;
                        shape: number[];
                        /** @enum {string} */
                        datatype: "BYTES" | "INT64" | "INT32" | "FP32";
                        parameters?: {
                            [key: string]: unknown;
                        };
                        data?: unknown;
                    }[];
                    outputs?: {
                        name: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                    }[];
                };
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The outputs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id?: string;
                        model_name: string;
                        model_version: string;
                        outputs: {
                            name: string;
                            shape: number[];
                            /** @enum {string} */
                            datatype: "BYTES" | "INT64" | "INT32" | "FP32";
                            parameters?: {
                                [key: string]: unknown;
                            };
                            data?: unknown;
                        }[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV2ModelsByNameVersionsByVersionInfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
                /** @description Milliseconds after which the answer is worth nothing. */
                "x-deadline-ms"?: number;
                /** @description Requests of higher priority are answered first. Default 0. */
                "x-priority"?: number;
                /** @description Requests with the same key are answered by the same version of a model. Default the request's id. */
                "x-routing-key"?: string;
            };
            path: {
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id?: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                    inputs: {
                        name: string;
                        shape: number[];
                        /** @enum {string} */
                        datatype: "BYTES" | "INT64" | "INT32" | "FP32";
                        parameters?: {
                            [key: string]: unknown;
                        };
                        data?: unknown;
                    }[];
                    outputs?: {
                        name: string;
                        parameters?: {
                            [key: string]: unknown;
                        };
                    }[];
                };
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The outputs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id?: string;
                        model_name: string;
                        model_version: string;
                        outputs: {
                            name: string;
                            shape: number[];
                            /** @enum {string} */
                            datatype: "BYTES" | "INT64" | "INT32" | "FP32";
                            parameters?: {
                                [key: string]: unknown;
                            };
                            data?: unknown;
                        }[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request was not answered in time, or the server is about to stop. See Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV2RepositoryIndex: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Only those that are ready. */
                    ready?: boolean;
                };
            };
        };
        responses: {
            /** @description The index. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        version: string;
                        state: string;
                        reason: string;
                    }[];
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV2RepositoryModelsByNameLoad: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The model is being loaded. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description A version does not open, or its passport does not hold. What served before still serves. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    postV2RepositoryModelsByNameUnload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    parameters?: {
                        unload_dependents?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The model is being loaded. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The body has a type that is not read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getModels: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their metadata. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        models: ({
                            name: string;
                            version: string;
                            loaded: string;
                            compressed: boolean;
                            passport: {
                                /** @enum {string} */
                                state: "verified" | "unsigned";
                            } & {
                                [key: string]: unknown;
                            };
                            architecture: string;
                            task: string;
                            /** @enum {string} */
                            answers: "label" | "labels" | "value" | "entities";
                            labels: string[];
                            reads: string;
                            explains: boolean;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    getModelsByNamePassport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the model is and was measured to be, and how it was verified. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        verified: {
                            [key: string]: unknown;
                        };
                        passport: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description No key or token, or one that is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The key or token does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description There is no such model or address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description Too much is asked at the moment, or of this key. See Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "stopping";
                        models: {
                            name: string;
                            version: string;
                            /** @enum {string} */
                            passport: "verified" | "unsigned";
                            loaded: string;
                            restarts: number;
                        }[];
                        unsigned: string[];
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    getHealthLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server is about to stop. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: {
                /** @description Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one. */
                "x-request-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description The request does not fit. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description The server failed on this request. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
}
